/**
 * The seam between the tensor library and whatever computes.
 *
 * A backend is a memory and a table of kernels. This file states what each kernel does, the shapes and dtypes it takes,
 * and who owns what; it imports nothing, and nothing above it knows how a kernel is made.
 *
 * Ordering: kernels of one backend take effect in the order in which they are called. A call may return before its work
 * is done; `Memory.read` waits for it. Lifetime: a kernel never keeps a view beyond the work it was called for.
 * Aliasing: an output may be the very same view as an input only where the kernel says so; otherwise they must not overlap.
 * Errors: a shape, dtype or index a kernel cannot take throws an error with `code` `KERNEL_ARGUMENT`, before anything is written.
 *
 * Sums run in an order that depends on neither the number of threads nor the other rows of a batch. NaN and ±∞ travel as in IEEE 754.
 *
 * Letters: N rows (all tokens of a packed batch), C width, V vocabulary, B sequences, H heads, D head size (C = H·D).
 * F means f32, and also f64 on the reference backend; all F views of one call have the same dtype.
 */

export type DType = 'f64' | 'f32' | 'bf16' | 'f16' | 'i32' | 'u8' | 'bool';

/** Memory of a backend. Opaque to everything above it. */
export interface Buffer {
  /** Size in bytes. */
  readonly bytes: number;
}

/** A contiguous row-major array inside a buffer. At most four dimensions. */
export interface View {
  readonly buffer: Buffer;
  /** Where it begins, in elements of its own dtype. */
  readonly offset: number;
  readonly dtype: DType;
  readonly dims: readonly number[];
}

export interface Memory {
  /** New memory, content undefined, aligned to 64 bytes. Throws `OUT_OF_MEMORY`. */
  allocate(bytes: number): Buffer;
  /** Gives memory back; the buffer must not be used again. */
  free(buffer: Buffer): void;
  /** Copies host bytes into the view (whose size in bytes is exactly theirs); the source may be reused on return. */
  write(to: View, from: ArrayBufferView): void;
  /** Waits for all earlier kernels and copies the view out. */
  read(from: View, to: ArrayBufferView): Promise<void>;
  /** The same at once; only where the memory is the host's. */
  readSync?(from: View, to: ArrayBufferView): void;
}

/** Elementwise functions, by the number a kernel is given. */
export const Activation = { none: 0, gelu: 1, geluTanh: 2, relu: 3, tanh: 4, sigmoid: 5, silu: 6 } as const;
export type ActivationCode = (typeof Activation)[keyof typeof Activation];

/** Elementwise operators of two operands, by the number a kernel is given. */
export const Binary = { add: 0, subtract: 1, multiply: 2, divide: 3 } as const;
export type BinaryCode = (typeof Binary)[keyof typeof Binary];

/**
 * The numbers that a matrix product multiplies, by the number a kernel is given; it always sums in f32 or better.
 * full: the factors as they are. bf16: each factor rounded to bf16, to nearest, ties to even; subnormal ones may count as 0.
 * int8: −127 … 127 steps, a step of each row of the left factor and of each column of the right one being its greatest magnitude / 127.
 */
export const Precision = { full: 0, bf16: 1, int8: 2 } as const;
export type PrecisionCode = (typeof Precision)[keyof typeof Precision];

/** Bytes of room that `Kernels.pack` needs for a factor of `depth` × `columns`, on every backend. */
export function packedBytes(
  columns: number,
  depth: number,
  precision: PrecisionCode,
  dtype: 'f32' | 'f64' = 'f32',
): number {
  const bytes = precision === Precision.full ? (dtype === 'f64' ? 8 : 4) : precision === Precision.bf16 ? 2 : 1;
  // A header, a factor and a shift for each column, and panels of whole tiles.
  return 128 + (columns + 64) * (8 + (depth + 4) * bytes);
}

/** 0 or 1: kernels take numbers only. */
export type Flag = 0 | 1;

export type Kernels = {
  // ---- moving and making -------------------------------------------------------------------------------------------

  /** y = x, converted: any dtype to any. To bf16 and f16 round to nearest even; to integers truncate, saturate, NaN → 0; to bool x ≠ 0. Same size. */
  cast(y: View, x: View): void;

  /** y[…] = value. Any dtype. */
  fill(y: View, value: number): void;

  /** y[n, :] = x[index[n], :] (+ y[n, :] when accumulate). y [N, C] F, x [V, C] F, index [N] i32, each in [0, V). */
  gatherRows(y: View, x: View, index: View, accumulate: Flag): void;

  /** y[index[n], :] += x[n, :], in ascending n. y [V, C] F, x [N, C] F, index [N] i32, each in [0, V). */
  scatterAddRows(y: View, x: View, index: View): void;

  /** y[index[n], yAt + j] = x[n, xAt + j] for j < width. y [V, Cy] F, x [N, Cx] F, index [N] i32 without repeats; index null: row n. */
  writeRows(y: View, x: View, index: View | null, yAt: number, xAt: number, width: number): void;

  // ---- elementwise -------------------------------------------------------------------------------------------------

  /** y = a ∘ b. y and a have one shape; b has it too, or is its trailing dimensions (repeated), or one element. y may be a or b. F. */
  binary(y: View, a: View, b: View, operator: BinaryCode): void;

  /** y = scale · x + shift. y may be x. F. */
  affine(y: View, x: View, scale: number, shift: number): void;

  /** y = f(x). y may be x. F. gelu: x·Φ(x) with erf; geluTanh: its tanh approximation (Hendrycks & Gimpel 2016); silu: x·σ(x). */
  activation(y: View, x: View, kind: ActivationCode): void;

  /** dx = dy · f′(x). dx may be dy. F. */
  activationBackward(dx: View, dy: View, x: View, kind: ActivationCode): void;

  /**
   * y = x / (1 − p) where kept, else 0. y may be x. y, x [N, C] F.
   * Element (n, c) is dropped when word c mod 4 of Philox4x32-10 (Salmon et al. 2011) is below ⌊p·2³²⌋, where key = (seed, step) and
   * counter = (⌊c / 4⌋, row, sequence, op·256 + head), all 32-bit words in that order; here head = 0, and (sequence, row) = keys[n, :], or (0, n)
   * without keys. Backward is the same call on dy. keys [N, 2] i32. 0 ≤ p < 1.
   */
  dropout(y: View, x: View, keys: View | null, p: number, seed: number, step: number, op: number): void;

  // ---- reductions --------------------------------------------------------------------------------------------------

  /** y[0] = Σ x. y [1] F. */
  sum(y: View, x: View): void;

  /** y[c] = Σₙ x[n, c] (+ y[c] when accumulate). y [C] F, x [N, C] F. */
  sumRows(y: View, x: View, accumulate: Flag): void;

  /** y[0] = Σ x² (+ y[0] when accumulate). y [1] F; summed in at least f64 or compensated. */
  sumSquares(y: View, x: View, accumulate: Flag): void;

  /** y[n] = index of the greatest of x[n, :], the first of equals; a NaN counts as greatest. y [N] i32, x [N, C] F, C ≥ 1. */
  argmaxRows(y: View, x: View): void;

  // ---- matrix product ----------------------------------------------------------------------------------------------

  /**
   * y = f(alpha · op(a) · op(b) + bias) + residual (+ y when accumulate); pre, when given, receives the argument of f.
   * y [M, N] F, op(a) [M, K]: a is [M, K], or [K, M] with transA; op(b) [K, N]: b is [K, N], or [N, K] with transB; bias [N]; residual [M, N],
   * may be y; pre [M, N]. All of rank 2, or y, a, b (and residual, pre) of rank 3 with one leading batch size (the bias is then shared). K = 0 gives f(bias) + residual.
   * For every element, k ascends in one fixed pattern whatever M and N are. `precision` is full or bf16.
   */
  gemm(
    y: View,
    a: View,
    b: View,
    bias: View | null,
    residual: View | null,
    pre: View | null,
    transA: Flag,
    transB: Flag,
    activation: ActivationCode,
    alpha: number,
    accumulate: Flag,
    precision: PrecisionCode,
  ): void;

  /**
   * Lays the right factor of a product out for `gemmPacked`, rounded to `precision`: b is [K, N], or [N, K] with transB. packed is u8, of at least
   * packedBytes(N, K, precision, dtype of b), beginning at a multiple of 64. What is written there is the backend's own, and no other backend's.
   * int8: K ≤ 65,536, so that no sum of products leaves 32 bits and nothing saturates; a column with a number that is not finite becomes NaN.
   */
  pack(packed: View, b: View, transB: Flag, precision: PrecisionCode): void;

  /**
   * y = f(alpha · a · b + bias) + residual (+ y when accumulate), where `packed` was made of b by this backend's `pack`; see `gemm` for the rest.
   * y, residual, pre [M, N], a [M, K]. int8: a row of a with a number that is not finite makes its row of the product NaN.
   */
  gemmPacked(
    y: View,
    a: View,
    packed: View,
    bias: View | null,
    residual: View | null,
    pre: View | null,
    activation: ActivationCode,
    alpha: number,
    accumulate: Flag,
  ): void;

  // ---- normalisation and softmax -----------------------------------------------------------------------------------

  /**
   * s = x + residual; y = (s − mean) · rstd · gamma + beta, by row (Ba et al. 2016); rstd = 1 / √(variance + eps), the variance biased.
   * y, x, residual, sum [N, C] F; mean, rstd [N]; gamma, beta [C]. Without residual s = x; `sum` receives s; mean, rstd and sum may be null. y may be x.
   */
  layerNorm(
    y: View,
    mean: View | null,
    rstd: View | null,
    sum: View | null,
    x: View,
    residual: View | null,
    gamma: View,
    beta: View,
    eps: number,
  ): void;

  /** dx = ∂/∂s, dgamma += …, dbeta += … for `layerNorm`; s is its input sum. dx, dy, s [N, C] F; mean, rstd [N]; gamma, dgamma, dbeta [C]. dx may be dy. dgamma and dbeta may be null. */
  layerNormBackward(
    dx: View,
    dgamma: View | null,
    dbeta: View | null,
    dy: View,
    s: View,
    mean: View,
    rstd: View,
    gamma: View,
  ): void;

  /** y[n, :] = softmax(x[n, :]), or its logarithm when log. A row that is all −∞ gives zeros (−∞ when log). y may be x. [N, C] F. */
  softmax(y: View, x: View, log: Flag): void;

  /** dx from dy and the output y of `softmax`. dx may be dy. [N, C] F. */
  softmaxBackward(dx: View, dy: View, y: View, log: Flag): void;

  // ---- attention ---------------------------------------------------------------------------------------------------

  /**
   * y = softmax(scale · q·kᵀ + mask) · v for every sequence and head (Vaswani et al. 2017), never storing the scores of all pairs.
   *
   * q [Nq, Wq], k [Nk, Wk], v [Nk, Wv] F are rows that hold head h at columns at + h·D … at + (h+1)·D (at is qAt, kAt, vAt), so one packed
   * [N, 3C] array may be all three. y [Nq, H·D]. lse [Nq, H] receives log Σ exp of the scaled scores, or is null.
   * spans [B, 5] i32: (first query row, query count Lq, first key row, key count Lk, sequence number for dropout). Query i sees key j when j − i ≤ Lk − Lq
   * (if causal) and, with window w > 0, also when (i + Lk − Lq) − j < w (if not causal: |i + Lk − Lq − j| < w). A query that sees no key gives zeros and lse −∞.
   * Dropout acts on the probabilities as `Kernels.dropout` does, with its words row = i + Lk − Lq, c = j, and the head's number. p = 0: none.
   * Spans do not share query rows; rows of y and lse outside every span are left as they were.
   */
  attention(
    y: View,
    lse: View | null,
    q: View,
    k: View,
    v: View,
    spans: View,
    qAt: number,
    kAt: number,
    vAt: number,
    heads: number,
    headSize: number,
    scale: number,
    causal: Flag,
    window: number,
    p: number,
    seed: number,
    step: number,
    op: number,
  ): void;

  /**
   * Gradients of `attention`: dq, dk, dv are laid out as q, k, v (one array may be all three) and are overwritten in the rows and columns the spans cover;
   * spans must not share key rows. dy, y [Nq, H·D], lse [Nq, H] as computed by `attention` with the same arguments.
   */
  attentionBackward(
    dq: View,
    dk: View,
    dv: View,
    dy: View,
    y: View,
    lse: View,
    q: View,
    k: View,
    v: View,
    spans: View,
    qAt: number,
    kAt: number,
    vAt: number,
    heads: number,
    headSize: number,
    scale: number,
    causal: Flag,
    window: number,
    p: number,
    seed: number,
    step: number,
    op: number,
  ): void;

  /** The probabilities of `attention` themselves, before dropout: probabilities [Σ H·Lq·Lk] F, for each span in turn [H, Lq, Lk]. */
  attentionProbabilities(
    probabilities: View,
    q: View,
    k: View,
    spans: View,
    qAt: number,
    kAt: number,
    heads: number,
    headSize: number,
    scale: number,
    causal: Flag,
    window: number,
  ): void;

  // ---- loss and optimiser ------------------------------------------------------------------------------------------

  /**
   * loss[n] = lse[n] − z[n, targets[n]], lse[n] = log Σ exp z[n, :]; both 0 where targets[n] = ignore. targets [N] i32 in [0, classes), loss, lse [N] F.
   * z [N, classes] is given by slices: logits [N, W] F are its columns first … first + W − 1 (W > 0, unless classes = 0), and a call takes the first slice
   * (first = 0) or the one that follows the last call's. Before the slice that ends z has come, greatest [N] F holds the greatest of the columns so far,
   * lse Σ exp (z − greatest) over them, and loss the target's logit where it was among them, else 0. greatest may be null where one slice is all of z.
   */
  crossEntropy(
    loss: View,
    lse: View,
    greatest: View | null,
    logits: View,
    targets: View,
    ignore: number,
    first: number,
    classes: number,
  ): void;

  /**
   * dlogits[n, j] = (exp(logits[n, j] − lse[n]) − [first + j = targets[n]]) · dloss[n], zeros where ignored: of a slice as `crossEntropy` takes it, in any
   * order, with the lse of all columns. dlogits may be logits. dloss [N] F.
   */
  crossEntropyBackward(
    dlogits: View,
    dloss: View,
    logits: View,
    lse: View,
    targets: View,
    ignore: number,
    first: number,
    classes: number,
  ): void;

  /** factor[0] = scale · min(1, maxNorm / (scale · √squares[0] + 10⁻⁶)); maxNorm = 0: scale. factor, squares [1] F. */
  clipFactor(factor: View, squares: View, maxNorm: number, scale: number): void;

  /**
   * One step of AdamW (Loshchilov & Hutter 2019) with g′ = factor[0] · g: m ← β₁m + (1−β₁)g′; v ← β₂v + (1−β₂)g′²;
   * w ← w − lr · (m / correction1 / (√(v / correction2) + eps) + decay · w), where correctionᵢ = 1 − βᵢᵗ. w, g, m, v one size F; factor [1] F.
   */
  adamw(
    w: View,
    g: View,
    m: View,
    v: View,
    factor: View,
    lr: number,
    beta1: number,
    beta2: number,
    eps: number,
    decay: number,
    correction1: number,
    correction2: number,
  ): void;
};

export type KernelName = keyof Kernels;

export type Backend = Memory & Kernels;
