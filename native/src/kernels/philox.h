// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3; SC 2011), a vector of counters at a time.
//
// Words are held in the low halves of 64-bit lanes, whose high halves may hold anything: that is what the multiply instructions take.

constexpr int philoxLanes = W / 2;
typedef uint64_t Wide __attribute__((vector_size(W * 4)));

// The low halves multiplied to 64 bits.
GERBERT_INLINE Wide multiplyLow(Wide a, uint32_t b) {
#if GERBERT_WIDTH == 16
  return (Wide)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64(b));
#elif GERBERT_WIDTH == 8
  return (Wide)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(b));
#elif defined(GERBERT_NEON)
  return (Wide)vmull_u32(vmovn_u64((uint64x2_t)a), vdup_n_u32(b));
#elif defined(__x86_64__)
  return (Wide)_mm_mul_epu32((__m128i)a, _mm_set1_epi64x(b));
#else
  return (a & 0xffffffffu) * (Wide{} + b);
#endif
}

// A stream of words for one (row, sequence, op·256 + head).
struct Philox {
  uint32_t seed, step, row, sequence, op;
};

// The ten rounds, on the counters c.
GERBERT_INLINE void philoxRounds(const Philox& stream, Wide (&c)[4]) {
  uint32_t k0 = stream.seed, k1 = stream.step;
  for (int round = 0; round < 10; round++) {
    Wide p0 = multiplyLow(c[0], 0xd2511f53u), p1 = multiplyLow(c[2], 0xcd9e8d57u);
    c[0] = (p1 >> 32) ^ c[1] ^ (Wide{} + k0);
    c[1] = p1;
    c[2] = (p0 >> 32) ^ c[3] ^ (Wide{} + k1);
    c[3] = p0;
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
}

// out[i] = word (4·first + i) of the stream, for `lanes` counters: 4 · philoxLanes words.
GERBERT_INLINE void philoxWords(const Philox& stream, uint32_t first, uint32_t* out) {
  Wide lanes = {};
  for (int i = 0; i < philoxLanes; i++) lanes[i] = (uint32_t)(i % 2 * (philoxLanes / 2) + i / 2);
  Wide c[4] = {lanes + first, Wide{} + stream.row, Wide{} + stream.sequence, Wide{} + stream.op};
  // The order in which the interleaving below puts the lanes into sequence: 0, L/2, 1, L/2 + 1, …
  philoxRounds(stream, c);
  Wide low = (c[0] & 0xffffffffu) | (c[1] << 32), high = (c[2] & 0xffffffffu) | (c[3] << 32);
  uint64_t lowLanes[philoxLanes], highLanes[philoxLanes], words[philoxLanes * 2];
  __builtin_memcpy(lowLanes, &low, sizeof low);
  __builtin_memcpy(highLanes, &high, sizeof high);
  for (int i = 0; i < philoxLanes; i++) {
    int counter = i % 2 * (philoxLanes / 2) + i / 2;
    words[2 * counter] = lowLanes[i];
    words[2 * counter + 1] = highLanes[i];
  }
  __builtin_memcpy(out, words, sizeof words);
}

constexpr int philoxBlock = 4 * philoxLanes;  // words of one call: two vectors

// The threshold below which a word drops its element.
GERBERT_INLINE uint32_t dropThreshold(double p) { return (uint32_t)(p * 4294967296.0); }

// body(j, keep, part): keep holds −1 in the lanes of columns j … that stay, for columns j in [from, to); from is a multiple of 4.
template <class Body>
GERBERT_INLINE void keptColumns(const Philox& stream, uint32_t threshold, int64_t from, int64_t to, Body body) {
  for (int64_t j = from; j < to; j += philoxBlock) {
    uint32_t words[philoxBlock];
    philoxWords(stream, (uint32_t)(j / 4), words);
    for (int half = 0; half < 2; half++) {
      int64_t at = j + half * W;
      if (at >= to) break;
      U drawn;
      __builtin_memcpy(&drawn, words + half * W, sizeof drawn);
      I keep = (I)(drawn >= (U{} + threshold));
      if (at + W <= to) {
        body(at, keep, Full{});
      } else {
        body(at, keep, Part{(int)(to - at)});
      }
    }
  }
}

// The same for W rows at once, one a lane, from `stream.row` on: keep[i] says which of them keep column j + i. j is a multiple of 4.
GERBERT_INLINE void keptRows(const Philox& stream, uint32_t threshold, int64_t j, I (&keep)[4]) {
  Wide even[4] = {Wide{} + (uint32_t)(j / 4), Wide{}, Wide{} + stream.sequence, Wide{} + stream.op}, odd[4];
  Wide lanes = {};
  for (int i = 0; i < philoxLanes; i++) lanes[i] = 2 * (uint32_t)i;
  even[1] = lanes + stream.row;
  for (int i = 0; i < 4; i++) odd[i] = even[i] + (i == 1);
  philoxRounds(stream, even);
  philoxRounds(stream, odd);
  for (int i = 0; i < 4; i++) {
    const U drawn = (U)((even[i] & 0xffffffffu) | (odd[i] << 32));
    keep[i] = (I)(drawn >= (U{} + threshold));
  }
}
