// The kernels for NEON, as every 64-bit ARM processor has it. See isa/all.h.
#include <arm_neon.h>
#define GERBERT_ISA gerbert_neon
#define GERBERT_NEON
#define GERBERT_WIDTH 4
#define GERBERT_TILE_ROWS 8
#define GERBERT_TILE_VECTORS 3
#include "all.h"
