// crossEntropy, which keeps nothing but each row's log Σ exp, and its backward.

static void kernel_crossEntropy(const View& loss, const View& lse, const View& logits, const View& targets, int32_t ignore) {
  needRank("crossEntropy", "logits", &logits, 2);
  const int64_t N = logits.dims[0], V = logits.dims[1];
  needMatrix("crossEntropy", "logits", &logits, N, V);
  needVector("crossEntropy", "loss", &loss, N);
  needVector("crossEntropy", "lse", &lse, N);
  needIndex("crossEntropy", "targets", &targets, N, V, &ignore);
  parallelRows(N, V, [&](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) {
      const int32_t target = ints(targets)[n];
      const float* row = floats(logits) + n * V;
      const float l = target == ignore ? 0 : logSumExp(row, V);
      floats(lse)[n] = l;
      floats(loss)[n] = target == ignore ? 0 : l - row[target];
    }
  });
}

static void kernel_crossEntropyBackward(const View& dlogits, const View& dloss, const View& logits, const View& lse,
                                        const View& targets, int32_t ignore) {
  needRank("crossEntropyBackward", "logits", &logits, 2);
  const int64_t N = logits.dims[0], V = logits.dims[1];
  needMatrix("crossEntropyBackward", "logits", &logits, N, V);
  needMatrix("crossEntropyBackward", "dlogits", &dlogits, N, V);
  needVector("crossEntropyBackward", "dloss", &dloss, N);
  needVector("crossEntropyBackward", "lse", &lse, N);
  needIndex("crossEntropyBackward", "targets", &targets, N, V, &ignore);
  parallelRows(N, V, [&](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) {
      const int32_t target = ints(targets)[n];
      const float* row = floats(logits) + n * V;
      float* out = floats(dlogits) + n * V;
      if (target == ignore) {
        memset(out, 0, (size_t)V * 4);
        continue;
      }
      const float scale = floats(dloss)[n], l = floats(lse)[n];
      columns(V, [&](int64_t j, auto part) { store(out + j, vexp(load(row + j, part) - l) * scale, part); });
      out[target] -= scale;
    }
  });
}
