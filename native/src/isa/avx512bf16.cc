// The kernels for AVX-512 (F, VL, BW, DQ) with VNNI and BF16. See isa/all.h.
#include <immintrin.h>
#define GERBERT_ISA gerbert_avx512bf16
#define GERBERT_WIDTH 16
#define GERBERT_TILE_ROWS 8
#define GERBERT_TILE_VECTORS 3
#define GERBERT_DOT
#include "all.h"
