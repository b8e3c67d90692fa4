// All kernels, for the instruction set that the including file has chosen.
//
// The kernels are headers included inside a namespace of the instruction set, so that each gets its own copy of every function. Outside that
// namespace only C headers may be included: an inline function of a shared C++ header, compiled here for a newer processor, could be the copy the linker
// keeps for everybody.
//
//   GERBERT_ISA           the namespace
//   GERBERT_WIDTH         floats in a vector
//   GERBERT_NEON          defined for NEON: otherwise vectors of 4 have SSE2 on x86-64, and elsewhere no intrinsics at all
//   GERBERT_TILE_ROWS     rows of a register tile of the matrix product
//   GERBERT_TILE_VECTORS  vectors in each
//   GERBERT_DOT           defined where the processor multiplies pairs of bf16 and fours of 8-bit integers in one instruction
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../kernels.h"
#include "../runtime.h"

namespace GERBERT_ISA {

using namespace gerbert;

#include "../kernels/vector.h"
#include "../kernels/threads.h"
#include "../kernels/functions.h"
#include "../kernels/philox.h"
#include "../kernels/convert.h"
#include "../kernels/cast.h"
#include "../kernels/rows.h"
#include "../kernels/elementwise.h"
#include "../kernels/dropout.h"
#include "../kernels/reduce.h"
#include "../kernels/dot.h"
#include "../kernels/tile.h"
#include "../kernels/pack.h"
#include "../kernels/packed.h"
#include "../kernels/gemm.h"
#include "../kernels/gemm_packed.h"
#include "../kernels/layer_norm.h"
#include "../kernels/softmax.h"
#include "../kernels/attention_common.h"
#include "../kernels/attention.h"
#include "../kernels/attention_probabilities.h"
#include "../kernels/attention_backward.h"
#include "../kernels/cross_entropy.h"
#include "../kernels/adamw.h"

const Kernels* table();
const Kernels* table() {
#define GERBERT_ENTRY(name, arguments) .name = kernel_##name,
  static const Kernels kernels = {GERBERT_KERNELS(GERBERT_ENTRY)};
#undef GERBERT_ENTRY
  return &kernels;
}

}  // namespace GERBERT_ISA
