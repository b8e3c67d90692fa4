// The kernels in vectors of 16 bytes, which every processor of the architecture has: SSE2 on x86-64, NEON on arm64. See isa/all.h.
#define GERBERT_ISA gerbert_portable
#define GERBERT_WIDTH 4
#if defined(__x86_64__)
#include <emmintrin.h>
#define GERBERT_TILE_ROWS 4
#define GERBERT_TILE_VECTORS 2
#else
#if defined(__aarch64__)
#include <arm_neon.h>
#endif
#define GERBERT_TILE_ROWS 8
#define GERBERT_TILE_VECTORS 3
#endif
#include "all.h"
