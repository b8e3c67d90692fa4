// dropout: y = x / (1 − p) where kept, else 0. The mask depends on (seed, step, op, sequence, row, column) alone: backward draws it again.

static void kernel_dropout(const View& y, const View& x, const View* keys, double p, uint32_t seed, uint32_t step, uint32_t op) {
  needRank("dropout", "x", &x, 2);
  int64_t N = x.dims[0], C = x.dims[1];
  needMatrix("dropout", "x", &x, N, C);
  needMatrix("dropout", "y", &y, N, C);
  needDropout("dropout", p, op, 1);
  if (keys) {
    needDType("dropout", "keys", keys, DType::i32);
    if (keys->rank != 2 || keys->dims[0] != N || keys->dims[1] != 2) fail("dropout", "keys must have shape [%lld, 2]", (long long)N);
  }
  const uint32_t threshold = dropThreshold(p);
  const float scale = (float)(1 / (1 - p));
  const int32_t* key = ints(keys);
  parallelRows(N, C, [=, &y, &x](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) {
      Philox stream = {seed, step, key ? (uint32_t)key[2 * n + 1] : (uint32_t)n, key ? (uint32_t)key[2 * n] : 0, op * 256};
      const float* in = floats(x) + n * C;
      float* out = floats(y) + n * C;
      keptColumns(stream, threshold, 0, C, [&](int64_t j, I keep, auto part) {
        store(out + j, select(keep, load(in + j, part) * scale, F{}), part);
      });
    }
  });
}
