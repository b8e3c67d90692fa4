// crossEntropy, which keeps nothing but each row's log Σ exp, and its backward, both on one slice of the vocabulary at a time.

// Columns whose maximum and then whose exponentials are taken: few enough to be read the second time from the first cache.
constexpr int64_t exponentialsBlock = 1024;

// total = Σ exp(x − greatest) of numbers of which the greatest is `greatest`.
struct Exponentials {
  float greatest, total;
};

// The same of a row more, which is read from memory once: each block is scaled by the greatest number up to its end, and what is scaled already
// anew (Milakov & Gimelshein 2018). The order of the sums depends on n alone, and is that of a row cut into whole blocks.
GERBERT_INLINE Exponentials addExponentials(Exponentials e, const float* x, int64_t n) {
  for (int64_t j = 0; j < n; j += exponentialsBlock) {
    const int64_t count = least(exponentialsBlock, n - j);
    const float before = e.greatest, here = maximumOf(x + j, count);
    if (here > before) e.greatest = here;
    if (e.greatest == minusInfinity) {
      e.total += sumOfExponentials(x + j, count, 0);  // 0, or NaN where one is among them
    } else {
      e.total = e.total * expf(before - e.greatest) + sumOfExponentials(x + j, count, e.greatest);
    }
  }
  return e;
}

GERBERT_INLINE void needSlice(const char* kernel, int64_t first, int64_t width, int64_t classes) {
  if (classes < 0 || classes > INT32_MAX) fail(kernel, "classes is %lld, outside [0, 2^31)", (long long)classes);
  needColumns(kernel, "the vocabulary", first, width, classes);
  if (width == 0 && classes > 0) fail(kernel, "logits hold none of the %lld classes", (long long)classes);
}

static void kernel_crossEntropy(const View& loss, const View& lse, const View* greatest, const View& logits, const View& targets,
                                int32_t ignore, int64_t first, int64_t classes) {
  needRank("crossEntropy", "logits", &logits, 2);
  const int64_t N = logits.dims[0], width = logits.dims[1];
  needMatrix("crossEntropy", "logits", &logits, N, width);
  needVector("crossEntropy", "loss", &loss, N);
  needVector("crossEntropy", "lse", &lse, N);
  needVector("crossEntropy", "greatest", greatest, N);
  needSlice("crossEntropy", first, width, classes);
  if (!greatest && width < classes) fail("crossEntropy", "greatest is missing, but there is more than one slice");
  needIndex("crossEntropy", "targets", &targets, N, classes, &ignore);
  const bool last = first + width == classes;
  parallelRows(N, width, [&](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) {
      float &l = floats(lse)[n], &result = floats(loss)[n];
      if (ints(targets)[n] == ignore) {
        l = result = 0;
        continue;
      }
      const float* row = floats(logits) + n * width;
      const Exponentials before = first == 0 ? Exponentials{minusInfinity, 0} : Exponentials{floats(greatest)[n], l};
      const Exponentials e = addExponentials(before, row, width);
      const int64_t column = ints(targets)[n] - first;
      float picked = first == 0 ? 0 : result;
      if (column >= 0 && column < width) picked = row[column];
      if (greatest) floats(greatest)[n] = e.greatest;
      l = last ? e.greatest + logf(e.total) : e.total;
      result = last ? l - picked : picked;
    }
  });
}

static void kernel_crossEntropyBackward(const View& dlogits, const View& dloss, const View& logits, const View& lse,
                                        const View& targets, int32_t ignore, int64_t first, int64_t classes) {
  needRank("crossEntropyBackward", "logits", &logits, 2);
  const int64_t N = logits.dims[0], width = logits.dims[1];
  needMatrix("crossEntropyBackward", "logits", &logits, N, width);
  needMatrix("crossEntropyBackward", "dlogits", &dlogits, N, width);
  needVector("crossEntropyBackward", "dloss", &dloss, N);
  needVector("crossEntropyBackward", "lse", &lse, N);
  needSlice("crossEntropyBackward", first, width, classes);
  needIndex("crossEntropyBackward", "targets", &targets, N, classes, &ignore);
  parallelRows(N, width, [&](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) {
      const float* row = floats(logits) + n * width;
      float* out = floats(dlogits) + n * width;
      if (ints(targets)[n] == ignore) {
        memset(out, 0, (size_t)width * 4);
        continue;
      }
      const float scale = floats(dloss)[n], l = floats(lse)[n];
      columns(width, [&](int64_t j, auto part) { store(out + j, vexp(load(row + j, part) - l) * scale, part); });
      const int64_t column = ints(targets)[n] - first;
      if (column >= 0 && column < width) out[column] -= scale;
    }
  });
}
