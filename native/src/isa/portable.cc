// The kernels in vectors of 16 bytes, which the compiler turns into what every processor of the architecture has: SSE2 on x86-64. See isa/all.h.
#if defined(__x86_64__)
#include <emmintrin.h>
#endif
#define GERBERT_ISA gerbert_portable
#define GERBERT_WIDTH 4
#define GERBERT_TILE_ROWS 4
#define GERBERT_TILE_VECTORS 2
#include "all.h"
