// cast and fill: any dtype.

template <class To, class From>
static void castBlock(typename To::Element* y, const typename From::Element* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = To::put(From::get(x[i]));
}

// f32 to bf16, a vector at a time: the same rounding as AsBf16::put.
static void narrowBlock(uint16_t* y, const float* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    uint32_t bits;
    __builtin_memcpy(&bits, x + i, 4);
    uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    y[i] = (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? ((bits >> 16 & 0x8000) | 0x7fc0) : rounded);
  }
}

static void widenBlock(float* y, const uint16_t* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = fromBfloat(x[i]);
}

// f32 to f16 and back, eight at a time where the processor has instructions for it.
static void halveBlock(uint16_t* y, const float* x, int64_t n) {
  int64_t i = 0;
#if GERBERT_WIDTH >= 8
  for (; i + 8 <= n; i += 8) {
    _mm_storeu_si128((__m128i*)(y + i), _mm256_cvtps_ph(_mm256_loadu_ps(x + i), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }
#endif
  castBlock<AsF16, AsF32>(y + i, x + i, n - i);
}

static void unhalveBlock(float* y, const uint16_t* x, int64_t n) {
  int64_t i = 0;
#if GERBERT_WIDTH >= 8
  for (; i + 8 <= n; i += 8) _mm256_storeu_ps(y + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i*)(x + i))));
#endif
  castBlock<AsF32, AsF16>(y + i, x + i, n - i);
}

GERBERT_INLINE int64_t bytesOf(DType dtype) {
  int64_t bytes = 0;
  withDType(dtype, [&](auto as) { bytes = sizeof(typename decltype(as)::Element); });
  return bytes;
}

static void kernel_cast(const View& y, const View& x) {
  if (y.size != x.size) fail("cast", "y has %lld elements, but x has %lld", (long long)y.size, (long long)x.size);
  parallelElements(x.size, [&](int64_t from, int64_t to) {
    const int64_t n = to - from;
    if (x.dtype == y.dtype) {
      const int64_t bytes = bytesOf(x.dtype);
      memmove((char*)y.data + from * bytes, (const char*)x.data + from * bytes, (size_t)(n * bytes));
    } else if (x.dtype == DType::f32 && y.dtype == DType::bf16) {
      narrowBlock((uint16_t*)y.data + from, floats(x) + from, n);
    } else if (x.dtype == DType::bf16 && y.dtype == DType::f32) {
      widenBlock(floats(y) + from, (const uint16_t*)x.data + from, n);
    } else if (x.dtype == DType::f32 && y.dtype == DType::f16) {
      halveBlock((uint16_t*)y.data + from, floats(x) + from, n);
    } else if (x.dtype == DType::f16 && y.dtype == DType::f32) {
      unhalveBlock(floats(y) + from, (const uint16_t*)x.data + from, n);
    } else {
      withDType(y.dtype, [&](auto to_) {
        withDType(x.dtype, [&](auto from_) {
          typedef decltype(to_) To;
          typedef decltype(from_) From;
          castBlock<To, From>((typename To::Element*)y.data + from, (const typename From::Element*)x.data + from, n);
        });
      });
    }
  });
}

static void kernel_fill(const View& y, double value) {
  parallelElements(y.size, [&](int64_t from, int64_t to) {
    withDType(y.dtype, [&](auto as) {
      typedef decltype(as) As;
      typename As::Element element = As::put(value);
      typename As::Element* out = (typename As::Element*)y.data;
      for (int64_t i = from; i < to; i++) out[i] = element;
    });
  });
}
