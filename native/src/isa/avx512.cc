// The kernels for AVX-512 (F, VL, BW, DQ). See isa/all.h.
#include <immintrin.h>
#define GERBERT_ISA gerbert_avx512
#define GERBERT_WIDTH 16
#define GERBERT_TILE_ROWS 8
#define GERBERT_TILE_VECTORS 3
#include "all.h"
