// pack: the right factor of a product, rounded and laid out in panels once for many products (see `Kernels.pack` in backend.ts).
//
// A packed array begins with 64 bytes that say what it is; then, for integers, come a factor and a shift for every column; then the panels, one
// after the other, each [words of depth][tileColumns].

constexpr int64_t packedStart = 64;

struct PackedHeader {
  uint32_t magic, layout;
  int64_t N, K;
};
static_assert(sizeof(PackedHeader) <= packedStart);

// What is read from a packed array.
struct Packed {
  const char* panels;
  const float* factors;   // of each column; null but for integers
  const int32_t* shifts;  // to be added to each sum; null but for integers
};

template <class Numbers>
struct PackedLayout {
  typedef typename Numbers::Stored Stored;
  static constexpr bool integers = __is_same(Numbers, NumbersInt8);
  // Arrays are told apart by all on which their layout depends.
  static constexpr uint32_t magic = 0x4b434150;
  static constexpr uint32_t layout = (uint32_t)Numbers::depth << 24 | Stored::depth << 20 | Stored::rightBytes << 16 | integers << 15 | tileColumns;

  int64_t N, K;
  int64_t paddedColumns() const { return roundUp(N, tileColumns); }
  int64_t panelWords() const { return ceilDivide(K, Stored::depth) * tileColumns; }
  int64_t panelsAt() const { return roundUp(packedStart + (integers ? paddedColumns() * 8 : 0), 64); }
  int64_t bytes() const { return panelsAt() + paddedColumns() / tileColumns * panelWords() * Stored::rightBytes; }
  Packed read(const char* data) const {
    const float* factors = (const float*)(data + packedStart);
    return {data + panelsAt(), integers ? factors : nullptr, integers ? (const int32_t*)(factors + paddedColumns()) : nullptr};
  }
};

// use(NumbersF32{}) and so on.
template <class Use>
GERBERT_INLINE void withNumbers(Precision precision, Use use) {
  switch (precision) {
    case Precision::bf16: return use(NumbersBf16{});
    case Precision::int8: return use(NumbersInt8{});
    default: return use(NumbersF32{});
  }
}

// Products of integers are summed in 32 bits: 65,536 · 127 · 255 < 2³¹.
constexpr int64_t mostIntegerDepth = 65536;

// Throws unless `packed` was packed on this instruction set for N columns and a depth of K, and lies whole in the view.
static Precision precisionOf(const char* kernel, const View& packed, int64_t N, int64_t K) {
  if (packed.dtype != DType::u8 || packed.rank != 1 || packed.size < packedStart || (uintptr_t)packed.data % 64 != 0) {
    fail(kernel, "packed is not an array that `pack` has made");
  }
  PackedHeader header;
  memcpy(&header, packed.data, sizeof header);
  for (int i = 0; i < (int)Precision::count; i++) {
    const Precision each = (Precision)i;
    bool found = false;
    withNumbers(each, [&](auto numbers) {
      typedef PackedLayout<decltype(numbers)> Layout;
      found = header.magic == Layout::magic && header.layout == Layout::layout;
      if (!found) return;
      if (header.N != N || header.K != K) {
        fail(kernel, "packed has %lld columns of depth %lld, but y has %lld columns and a a depth of %lld", (long long)header.N,
             (long long)header.K, (long long)N, (long long)K);
      }
      const Layout layout = {N, K};
      if (packed.size < layout.bytes()) fail(kernel, "packed has lost its end");
    });
    if (found) return each;
  }
  fail(kernel, "packed is not an array that `pack` has made, or it was made for another instruction set");
}

// Integers of every column's panel: the greatest magnitude becomes 127.
static void packIntegers(char* words, float* factors, int32_t* shifts, const float* b, int64_t stride, bool depthFirst, int64_t cols, int64_t K) {
  constexpr int64_t piece = 64;
  float numbers[piece * tileColumns];
  F greatest[tileVectors] = {}, strange[tileVectors] = {};
  auto pieces = [&](auto use) {
    for (int64_t k = 0; k < K; k += piece) {
      const int64_t depth = least(piece, K - k);
      pack<tileColumns>(numbers, 0, depthFirst ? b + k * stride : b + k, stride, depthFirst, cols, depth);
      memset(numbers + depth * tileColumns, 0, (size_t)((piece - depth) * tileColumns) * 4);
      use(k, depth);
    }
  };
  pieces([&](int64_t, int64_t depth) {
    for (int64_t k = 0; k < depth; k++) {
      for (int v = 0; v < tileVectors; v++) {
        const F x = load(numbers + k * tileColumns + v * W);
        greatest[v] = maximum(magnitude(x), greatest[v]);
        strange[v] += x - x;  // 0, or NaN where x is not finite
      }
    }
  });
  F by[tileVectors];
  I sums[tileVectors] = {};
  for (int v = 0; v < tileVectors; v++) {
    const I usable = (greatest[v] > leastScaled) & (strange[v] == 0.0f);
    by[v] = select(usable, 127.0f / greatest[v], F{});
    store(factors + v * W, select(usable, greatest[v] * (1.0f / 127), strange[v]));
  }
  pieces([&](int64_t k0, int64_t depth) {
    for (int64_t k = 0; k < depth; k += MultiplyInt8::depth) {
      for (int v = 0; v < tileVectors; v++) {
        I word = {};
        for (int d = 0; d < MultiplyInt8::depth; d++) {
          const I q = (by[v] != 0.0f) & nearest(load(numbers + (k + d) * tileColumns + v * W) * by[v]);
          sums[v] += q;
          word |= (q & 255) << (8 * d);
        }
        char* at = words + ((k0 + k) / MultiplyInt8::depth * tileColumns + v * W) * MultiplyInt8::rightBytes;
        if constexpr (MultiplyInt8::rightBytes == 4) {
          storeAs(at, word);
        } else {
          typedef uint16_t Halves __attribute__((vector_size(W * 2)));
          const Halves halves = __builtin_convertvector(word, Halves);
          __builtin_memcpy(at, &halves, sizeof halves);
        }
      }
    }
  });
  for (int v = 0; v < tileVectors; v++) storeAs(shifts + v * W, sums[v] * -MultiplyInt8::leftShift);
}

// One panel of b, its columns from j on.
template <class Numbers>
static void packPanel(char* to, const PackedLayout<Numbers>& layout, const float* b, bool transB, int64_t j) {
  typedef typename Numbers::Stored Stored;
  const int64_t N = layout.N, K = layout.K, cols = least(tileColumns, N - j), stride = transB ? K : N;
  const float* from = transB ? b + j * K : b + j;
  char* panel = to + layout.panelsAt() + j / tileColumns * layout.panelWords() * Stored::rightBytes;
  if constexpr (PackedLayout<Numbers>::integers) {
    float* factors = (float*)(to + packedStart);
    packIntegers(panel, factors + j, (int32_t*)(factors + layout.paddedColumns()) + j, from, stride, !transB, cols, K);
  } else if constexpr (Stored::rightBytes == 4) {
    packWords<Numbers, tileColumns>((float*)panel, 0, from, stride, !transB, cols, K, nullptr);
  } else {
    constexpr int64_t piece = 64;
    float words[piece * tileColumns];
    for (int64_t k = 0; k < K; k += piece) {
      const int64_t depth = least(piece, K - k);
      packWords<Numbers, tileColumns>(words, 0, transB ? from + k : from + k * stride, stride, !transB, cols, depth, nullptr);
      narrowBlock((uint16_t*)panel + k * tileColumns, words, depth * tileColumns);
    }
  }
}

static void kernel_pack(const View& packed, const View& b, Flag transB, Precision precision) {
  needDType("pack", "b", &b, DType::f32);
  needRank("pack", "b", &b, 2);
  const bool turned = transB == Flag::on;
  const int64_t N = b.dims[turned ? 0 : 1], K = b.dims[turned ? 1 : 0];
  withNumbers(precision, [&](auto numbers) {
    typedef decltype(numbers) Numbers;
    const PackedLayout<Numbers> layout = {N, K};
    if (packed.dtype != DType::u8 || packed.rank != 1 || packed.size < layout.bytes() || (uintptr_t)packed.data % 64 != 0) {
      fail("pack", "packed must be a u8 array of packedBytes(%lld, %lld) bytes that begins at a multiple of 64", (long long)N, (long long)K);
    }
    if (PackedLayout<Numbers>::integers && K > mostIntegerDepth) {
      fail("pack", "a depth of %lld: products of integers are summed up to a depth of %lld", (long long)K, (long long)mostIntegerDepth);
    }
    char* to = (char*)packed.data;
    memset(to, 0, packedStart);
    const PackedHeader header = {PackedLayout<Numbers>::magic, PackedLayout<Numbers>::layout, N, K};
    memcpy(to, &header, sizeof header);
    parallelTasks(ceilDivide(N, tileColumns), 0, [&](int64_t task, void*) {
      packPanel<Numbers>(to, layout, floats(b), turned, task * tileColumns);
    });
  });
}
