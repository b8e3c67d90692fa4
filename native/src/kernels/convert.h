// One element of any dtype to one of any other. Every dtype's values are exact in f64, so each conversion rounds once.

// An f64 to a 16-bit float of `exponentBits` and `mantissaBits`, to nearest, ties to even.
GERBERT_INLINE uint16_t toSmallFloat(double x, int exponentBits, int mantissaBits) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, 8);
  const uint16_t sign = (uint16_t)(bits >> 63 << 15);
  const uint16_t infinity = (uint16_t)(((1 << exponentBits) - 1) << mantissaBits);
  const int bias = (1 << (exponentBits - 1)) - 1;
  bits &= 0x7fffffffffffffffull;
  if (bits > 0x7ff0000000000000ull) return (uint16_t)(sign | infinity | 1 << (mantissaBits - 1));
  if (bits == 0x7ff0000000000000ull) return (uint16_t)(sign | infinity);
  int exponent = (int)(bits >> 52) - 1023 + bias;  // of the result; below 1 it is subnormal
  uint64_t mantissa = (bits & 0xfffffffffffffull) | (bits >> 52 ? 1ull << 52 : 0);
  int drop = 52 - mantissaBits;
  if (exponent < 1) {
    drop += 1 - exponent;
    exponent = 1;
  }
  if (drop > 60) return sign;
  uint64_t kept = mantissa >> drop, rest = mantissa & ((1ull << drop) - 1), half = 1ull << (drop - 1);
  if (rest > half || (rest == half && (kept & 1))) kept++;
  // The hidden bit of a normal number adds 1 to the exponent, and so does a carry out of the mantissa.
  uint64_t result = kept + ((uint64_t)(exponent - 1) << mantissaBits);
  return (uint16_t)(sign | (result >= infinity ? infinity : result));
}

GERBERT_INLINE double fromHalf(uint16_t h) {
  const int exponent = h >> 10 & 31, mantissa = h & 1023;
  double x = exponent == 0    ? mantissa * 0x1p-24
             : exponent == 31 ? (mantissa ? __builtin_nan("") : __builtin_inf())
                              : (1024 + mantissa) * 0x1p-25 * (double)(1ull << exponent);
  return h & 0x8000 ? -x : x;
}

GERBERT_INLINE float fromBfloat(uint16_t b) {
  uint32_t bits = (uint32_t)b << 16;
  float x;
  __builtin_memcpy(&x, &bits, 4);
  return x;
}

// Truncated and saturated; NaN is 0.
GERBERT_INLINE double saturate(double x, double low, double high) { return x != x ? 0 : x < low ? low : x > high ? high : x; }

// What a dtype's element is in memory, and its value.
struct AsF64 {
  typedef double Element;
  static inline __attribute__((always_inline)) double get(double e) { return e; }
  static inline __attribute__((always_inline)) double put(double x) { return x; }
};
struct AsF32 {
  typedef float Element;
  static inline __attribute__((always_inline)) double get(float e) { return e; }
  static inline __attribute__((always_inline)) float put(double x) { return (float)x; }
};
struct AsBf16 {
  typedef uint16_t Element;
  static inline __attribute__((always_inline)) double get(uint16_t e) { return fromBfloat(e); }
  static inline __attribute__((always_inline)) uint16_t put(double x) { return toSmallFloat(x, 8, 7); }
};
struct AsF16 {
  typedef uint16_t Element;
  static inline __attribute__((always_inline)) double get(uint16_t e) { return fromHalf(e); }
  static inline __attribute__((always_inline)) uint16_t put(double x) { return toSmallFloat(x, 5, 10); }
};
struct AsI32 {
  typedef int32_t Element;
  static inline __attribute__((always_inline)) double get(int32_t e) { return e; }
  static inline __attribute__((always_inline)) int32_t put(double x) { return (int32_t)saturate(x, -2147483648.0, 2147483647.0); }
};
struct AsU8 {
  typedef uint8_t Element;
  static inline __attribute__((always_inline)) double get(uint8_t e) { return e; }
  static inline __attribute__((always_inline)) uint8_t put(double x) { return (uint8_t)saturate(x, 0, 255); }
};
struct AsBool {
  typedef uint8_t Element;
  static inline __attribute__((always_inline)) double get(uint8_t e) { return e != 0; }
  static inline __attribute__((always_inline)) uint8_t put(double x) { return x != 0; }
};

// use(AsF32{}) and so on.
template <class Use>
GERBERT_INLINE void withDType(DType dtype, Use use) {
  switch (dtype) {
    case DType::f64: return use(AsF64{});
    case DType::f32: return use(AsF32{});
    case DType::bf16: return use(AsBf16{});
    case DType::f16: return use(AsF16{});
    case DType::i32: return use(AsI32{});
    case DType::u8: return use(AsU8{});
    default: return use(AsBool{});
  }
}
