// Stands in for the compiler's header in the build over SIMDe: x86's intrinsics in portable C, and what SIMDe lacks (shims.h).
#pragma once
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>
#include <simde/x86/f16c.h>
#include <simde/x86/fma.h>

#include "shims.h"
