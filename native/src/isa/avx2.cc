// The kernels for AVX2 with FMA. See isa/all.h.
#include <immintrin.h>
#define GERBERT_ISA gerbert_avx2
#define GERBERT_WIDTH 8
#define GERBERT_TILE_ROWS 6
#define GERBERT_TILE_VECTORS 2
#include "all.h"
