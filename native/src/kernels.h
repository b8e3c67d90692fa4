// The table of kernels in C++: the twin of `Kernels` in packages/tensor/src/backend.ts, which states what each kernel does,
// what may alias and which errors it raises. Here every view is a pointer already checked against its buffer by the binding.
//
// One table is filled per instruction set (and, in another addon, per device). The binding derives the JavaScript signature of
// every entry from its C++ type, and takes the names of its arguments from the list at the end of this file.
//
// This header is read by translation units compiled for different instruction sets: it holds no function that could be emitted.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace gerbert {

// In the order of `dtypeCodes` in loader/call.ts.
enum class DType : int { f64, f32, bf16, f16, i32, u8, boolean, count };

enum class Flag : int { off, on, count };
enum class Activation : int { none, gelu, geluTanh, relu, tanh, sigmoid, silu, count };
enum class Precision : int { f32, bf16, int8, count };
enum class Binary : int { add, subtract, multiply, divide, count };

struct View {
  void* data;
  DType dtype;
  int rank;
  int64_t dims[4];  // those beyond rank are 1
  int64_t size;     // their product
};

// Letters: N rows, C width, V vocabulary, B sequences, H heads, D head size. F is f32. A pointer may be null, a reference may not.
struct Kernels {
  // ---- moving and making
  void (*cast)(const View& y, const View& x);                                          // any dtype, one size
  void (*fill)(const View& y, double value);                                           // any dtype
  void (*gatherRows)(const View& y, const View& x, const View& index, Flag accumulate);  // y [N,C] F, x [V,C] F, index [N] i32
  void (*scatterAddRows)(const View& y, const View& x, const View& index);             // y [V,C] F, x [N,C] F, index [N] i32
  // y [V,Cy] F, x [N,Cx] F, index [N] i32
  void (*writeRows)(const View& y, const View& x, const View* index, int64_t yAt, int64_t xAt, int64_t width);

  // ---- elementwise
  void (*binary)(const View& y, const View& a, const View& b, Binary op);              // y, a one shape, b trailing dims or one; F
  void (*affine)(const View& y, const View& x, double scale, double shift);            // one shape F
  void (*activation)(const View& y, const View& x, Activation kind);                   // one shape F
  void (*activationBackward)(const View& dx, const View& dy, const View& x, Activation kind);  // one shape F
  // y, x [N,C] F, keys [N,2] i32
  void (*dropout)(const View& y, const View& x, const View* keys, double p, uint32_t seed, uint32_t step, uint32_t op);

  // ---- reductions
  void (*sum)(const View& y, const View& x);                            // y [1] F
  void (*sumRows)(const View& y, const View& x, Flag accumulate);       // y [C] F, x [N,C] F
  void (*sumSquares)(const View& y, const View& x, Flag accumulate);    // y [1] F
  void (*argmaxRows)(const View& y, const View& x);                     // y [N] i32, x [N,C] F

  // ---- matrix product: y [M,N] F, op(a) [M,K], op(b) [K,N], bias [N], residual [M,N], pre [M,N]; or all but bias with one leading batch
  void (*gemm)(const View& y, const View& a, const View& b, const View* bias, const View* residual, const View* pre,
               Flag transA, Flag transB, Activation activation, double alpha, Flag accumulate, Precision precision);
  // b [K,N], or [N,K]; packed u8 [packedBytes(N, K, precision)]
  void (*pack)(const View& packed, const View& b, Flag transB, Precision precision);
  // y [M,N] F, a [M,K] F
  void (*gemmPacked)(const View& y, const View& a, const View& packed, const View* bias, const View* residual, const View* pre,
                     Activation activation, double alpha, Flag accumulate);

  // ---- normalisation and softmax: y, sum, x, residual, dx, dy, s [N,C] F; mean, rstd [N]; gamma, beta, dgamma, dbeta [C]
  void (*layerNorm)(const View& y, const View* mean, const View* rstd, const View* sum, const View& x, const View* residual,
                    const View& gamma, const View& beta, double eps);
  void (*layerNormBackward)(const View& dx, const View* dgamma, const View* dbeta, const View& dy, const View& s,
                            const View& mean, const View& rstd, const View& gamma);
  void (*softmax)(const View& y, const View& x, Flag log);
  void (*softmaxBackward)(const View& dx, const View& dy, const View& y, Flag log);

  // ---- attention: q [Nq,Wq], k [Nk,Wk], v [Nk,Wv], y [Nq,H·D] F, lse [Nq,H] F, spans [B,5] i32
  void (*attention)(const View& y, const View* lse, const View& q, const View& k, const View& v, const View& spans,
                    int64_t qAt, int64_t kAt, int64_t vAt, int64_t heads, int64_t headSize, double scale, Flag causal,
                    int64_t window, double p, uint32_t seed, uint32_t step, uint32_t op);
  void (*attentionBackward)(const View& dq, const View& dk, const View& dv, const View& dy, const View& y, const View& lse,
                            const View& q, const View& k, const View& v, const View& spans, int64_t qAt, int64_t kAt,
                            int64_t vAt, int64_t heads, int64_t headSize, double scale, Flag causal, int64_t window, double p,
                            uint32_t seed, uint32_t step, uint32_t op);
  // probabilities [Σ H·Lq·Lk] F
  void (*attentionProbabilities)(const View& probabilities, const View& q, const View& k, const View& spans, int64_t qAt,
                                 int64_t kAt, int64_t heads, int64_t headSize, double scale, Flag causal, int64_t window);

  // ---- loss and optimiser: loss, lse, greatest, dloss [N] F, logits, dlogits [N,W] F, targets [N] i32; factor, squares [1] F
  void (*crossEntropy)(const View& loss, const View& lse, const View* greatest, const View& logits, const View& targets,
                       int32_t ignore, int64_t first, int64_t classes);
  void (*crossEntropyBackward)(const View& dlogits, const View& dloss, const View& logits, const View& lse,
                               const View& targets, int32_t ignore, int64_t first, int64_t classes);
  void (*clipFactor)(const View& factor, const View& squares, double maxNorm, double scale);
  void (*adamw)(const View& w, const View& g, const View& m, const View& v, const View& factor, double lr, double beta1,
                double beta2, double eps, double decay, double correction1, double correction2);  // w, g, m, v one size F
};

// X(kernel, "names of its arguments"), one line per entry of `Kernels`.
#define GERBERT_KERNELS(X)                                                                                                  \
  X(cast, "y x")                                                                                                            \
  X(fill, "y value")                                                                                                        \
  X(gatherRows, "y x index accumulate")                                                                                     \
  X(scatterAddRows, "y x index")                                                                                            \
  X(writeRows, "y x index yAt xAt width")                                                                                   \
  X(binary, "y a b operator")                                                                                               \
  X(affine, "y x scale shift")                                                                                              \
  X(activation, "y x kind")                                                                                                 \
  X(activationBackward, "dx dy x kind")                                                                                     \
  X(dropout, "y x keys p seed step op")                                                                                     \
  X(sum, "y x")                                                                                                             \
  X(sumRows, "y x accumulate")                                                                                              \
  X(sumSquares, "y x accumulate")                                                                                           \
  X(argmaxRows, "y x")                                                                                                      \
  X(gemm, "y a b bias residual pre transA transB activation alpha accumulate precision")                                    \
  X(pack, "packed b transB precision")                                                                                      \
  X(gemmPacked, "y a packed bias residual pre activation alpha accumulate")                                                 \
  X(layerNorm, "y mean rstd sum x residual gamma beta eps")                                                                 \
  X(layerNormBackward, "dx dgamma dbeta dy s mean rstd gamma")                                                              \
  X(softmax, "y x log")                                                                                                     \
  X(softmaxBackward, "dx dy y log")                                                                                         \
  X(attention, "y lse q k v spans qAt kAt vAt heads headSize scale causal window p seed step op")                           \
  X(attentionBackward, "dq dk dv dy y lse q k v spans qAt kAt vAt heads headSize scale causal window p seed step op")       \
  X(attentionProbabilities, "probabilities q k spans qAt kAt heads headSize scale causal window")                           \
  X(crossEntropy, "loss lse greatest logits targets ignore first classes")                                                  \
  X(crossEntropyBackward, "dlogits dloss logits lse targets ignore first classes")                                          \
  X(clipFactor, "factor squares maxNorm scale")                                                                             \
  X(adamw, "w g m v factor lr beta1 beta2 eps decay correction1 correction2")

}  // namespace gerbert
