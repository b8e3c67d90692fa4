// gatherRows, scatterAddRows, writeRows: rows moved by index. Every index is checked before anything is written.

GERBERT_INLINE void addRow(float* y, const float* x, int64_t n) {
  columns(n, [&](int64_t j, auto part) { store(y + j, load(y + j, part) + load(x + j, part), part); });
}

static void kernel_gatherRows(const View& y, const View& x, const View& index, Flag accumulate) {
  needDType("gatherRows", "index", &index, DType::i32);
  needRank("gatherRows", "index", &index, 1);
  needRank("gatherRows", "x", &x, 2);
  const int64_t N = index.dims[0], V = x.dims[0], C = x.dims[1];
  needMatrix("gatherRows", "x", &x, V, C);
  needMatrix("gatherRows", "y", &y, N, C);
  needIndex("gatherRows", "index", &index, N, V, nullptr);
  const int32_t* at = ints(index);
  parallelRows(N, C, [&](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) {
      float* out = floats(y) + n * C;
      const float* in = floats(x) + at[n] * C;
      if (accumulate == Flag::on) {
        addRow(out, in, C);
      } else {
        memmove(out, in, (size_t)C * 4);
      }
    }
  });
}

// Split by columns, so that each thread adds all rows of its columns in ascending order. How wide the parts are changes the speed alone: the wider, the
// fewer pages are touched for the same bytes.
static void kernel_scatterAddRows(const View& y, const View& x, const View& index) {
  needRank("scatterAddRows", "x", &x, 2);
  needRank("scatterAddRows", "y", &y, 2);
  const int64_t N = x.dims[0], C = x.dims[1], V = y.dims[0];
  needMatrix("scatterAddRows", "x", &x, N, C);
  needMatrix("scatterAddRows", "y", &y, V, C);
  needIndex("scatterAddRows", "index", &index, N, V, nullptr);
  const int32_t* at = ints(index);
  const int64_t parts = N * C < elementBlock ? 1 : threads();
  parallelBlocks(C, most(64, roundUp(ceilDivide(C, parts), 16)), [&](int64_t from, int64_t to) {
    for (int64_t n = 0; n < N; n++) addRow(floats(y) + at[n] * C + from, floats(x) + n * C + from, to - from);
  });
}

static void kernel_writeRows(const View& y, const View& x, const View* index, int64_t yAt, int64_t xAt, int64_t width) {
  needRank("writeRows", "x", &x, 2);
  needRank("writeRows", "y", &y, 2);
  const int64_t N = x.dims[0], Cx = x.dims[1], V = y.dims[0], Cy = y.dims[1];
  needMatrix("writeRows", "x", &x, N, Cx);
  needMatrix("writeRows", "y", &y, V, Cy);
  needColumns("writeRows", "y", yAt, width, Cy);
  needColumns("writeRows", "x", xAt, width, Cx);
  needIndex("writeRows", "index", index, N, V, nullptr);
  if (!index && N > V) fail("writeRows", "x has %lld rows, but y only %lld, and no index is given", (long long)N, (long long)V);
  const int32_t* at = ints(index);
  parallelRows(N, width, [&](int64_t from, int64_t to) {
    for (int64_t n = from; n < to; n++) {
      memmove(floats(y) + (at ? at[n] : n) * Cy + yAt, floats(x) + n * Cx + xAt, (size_t)width * 4);
    }
  });
}
