// What this processor can do at best: multiply-adds in f32, bf16 and int8, and bytes read and copied, in short bursts on request.
//
// One request a line on standard input, {"id": 1, "kind": "f32", "threads": 2, "ms": 20}; one answer a line on standard output,
// {"id": 1, "rate": 118.4} in 10⁹ operations or bytes per second, or {"id": 1, "rate": null} where the processor lacks the instruction.
// A multiply-add counts as two operations; a copied byte as two, one read and one written.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

using Clock = std::chrono::steady_clock;

double seconds(Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); }

// Rounds of a compute loop between two looks at the clock: some tens of microseconds.
constexpr int kRounds = 4096;

// More accumulators than latency × throughput of the multiply-add (at most 5 × 2 on today's cores), as many as the registers leave room for.
constexpr int kWide = 24;    // of 32 registers
constexpr int kNarrow = 12;  // of 16 registers

#if defined(__x86_64__)

// Every accumulator is a variable of its own: compilers tend to keep an array of them in memory.
#define TWELVE(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)
#define TWENTY_FOUR(X) TWELVE(X) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23)

// The loop of one instruction. To the compiler each accumulator may change where STEP says so: it can neither drop nor reorder the work.
#define LOOP(LIST, DECLARE, STEP)                  \
  LIST(DECLARE)                                    \
  for (int round = 0; round < kRounds; round++) {  \
    LIST(STEP)                                     \
  }

#define DECLARE(i) auto s##i = zero;

__attribute__((target("avx512f"))) double fmaAvx512() {
  const __m512 zero = _mm512_setzero_ps(), a = _mm512_set1_ps(0.999f), b = _mm512_set1_ps(0.001f);
#define STEP(i)                      \
  s##i = _mm512_fmadd_ps(s##i, a, b); \
  asm volatile("" : "+v"(s##i));
  LOOP(TWENTY_FOUR, DECLARE, STEP)
#undef STEP
  return 2.0 * 16 * kWide * kRounds;
}

__attribute__((target("avx2,fma"))) double fmaAvx2() {
  const __m256 zero = _mm256_setzero_ps(), a = _mm256_set1_ps(0.999f), b = _mm256_set1_ps(0.001f);
#define STEP(i)                      \
  s##i = _mm256_fmadd_ps(s##i, a, b); \
  asm volatile("" : "+x"(s##i));
  LOOP(TWELVE, DECLARE, STEP)
#undef STEP
  return 2.0 * 8 * kNarrow * kRounds;
}

__attribute__((target("avx512f,avx512bf16"))) double bf16Avx512() {
  const __m512 zero = _mm512_setzero_ps();
  const __m512bh a = (__m512bh)_mm512_set1_epi32(0x3f803f80), b = (__m512bh)_mm512_set1_epi32(0x3a803a80);
#define STEP(i)                       \
  s##i = _mm512_dpbf16_ps(s##i, a, b); \
  asm volatile("" : "+v"(s##i));
  LOOP(TWENTY_FOUR, DECLARE, STEP)
#undef STEP
  return 2.0 * 32 * kWide * kRounds;
}

__attribute__((target("avx512f,avx512vnni"))) double int8Avx512() {
  const __m512i zero = _mm512_setzero_si512(), a = _mm512_set1_epi8(3), b = _mm512_set1_epi8(-2);
#define STEP(i)                          \
  s##i = _mm512_dpbusd_epi32(s##i, a, b); \
  asm volatile("" : "+v"(s##i));
  LOOP(TWENTY_FOUR, DECLARE, STEP)
#undef STEP
  return 2.0 * 64 * kWide * kRounds;
}

__attribute__((target("avx2,avxvnni"))) double int8Avx2() {
  const __m256i zero = _mm256_setzero_si256(), a = _mm256_set1_epi8(3), b = _mm256_set1_epi8(-2);
#define STEP(i)                              \
  s##i = _mm256_dpbusd_avx_epi32(s##i, a, b); \
  asm volatile("" : "+x"(s##i));
  LOOP(TWELVE, DECLARE, STEP)
#undef STEP
  return 2.0 * 32 * kNarrow * kRounds;
}

__attribute__((target("avx512f"))) void readAvx512(const char* from, size_t bytes) {
  __m512i sum[8];
  for (auto& s : sum) s = _mm512_setzero_si512();
  for (size_t at = 0; at < bytes; at += 512) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) sum[i] = _mm512_or_si512(sum[i], _mm512_load_si512(from + at + 64 * i));
  }
  for (auto& s : sum) asm volatile("" : "+v"(s));
}

__attribute__((target("avx2"))) void readAvx2(const char* from, size_t bytes) {
  __m256i sum[8];
  for (auto& s : sum) s = _mm256_setzero_si256();
  for (size_t at = 0; at < bytes; at += 256) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) sum[i] = _mm256_or_si256(sum[i], _mm256_load_si256((const __m256i*)(from + at + 32 * i)));
  }
  for (auto& s : sum) asm volatile("" : "+x"(s));
}

// Stores that pass the caches by: what is written need not be read first.
__attribute__((target("avx2"))) void copyAvx2(char* to, const char* from, size_t bytes) {
  for (size_t at = 0; at < bytes; at += 128) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
      _mm256_stream_si256((__m256i*)(to + at + 32 * i), _mm256_load_si256((const __m256i*)(from + at + 32 * i)));
    }
  }
  _mm_sfence();
}

#endif

using Lanes = float __attribute__((vector_size(16)));

double fmaPortable() {
  Lanes sum[kNarrow];
  const Lanes a = {0.999f, 0.999f, 0.999f, 0.999f}, b = {0.001f, 0.001f, 0.001f, 0.001f};
  for (auto& s : sum) s = b;
  for (int round = 0; round < kRounds; round++) {
    for (auto& s : sum) s = s * a + b;
    // The values may change here, as far as the compiler knows: it can neither drop nor shorten the loop.
    asm volatile("" : "+m"(sum));
  }
  return 2.0 * 4 * kNarrow * kRounds;
}

void readPortable(const char* from, size_t bytes) {
  uint64_t sum[8] = {};
  const uint64_t* words = (const uint64_t*)from;
  for (size_t at = 0; at < bytes / 8; at += 8) {
    for (int i = 0; i < 8; i++) sum[i] |= words[at + i];
  }
  asm volatile("" : : "m"(sum));
}

void copyPortable(char* to, const char* from, size_t bytes) { memcpy(to, from, bytes); }

struct Loops {
  const char* isa = "portable";
  double (*f32)() = fmaPortable;
  double (*bf16)() = nullptr;
  double (*int8)() = nullptr;
  void (*read)(const char*, size_t) = readPortable;
  void (*copy)(char*, const char*, size_t) = copyPortable;
};

Loops choose() {
  Loops loops;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    loops = {"avx2", fmaAvx2, nullptr, nullptr, readAvx2, copyAvx2};
    if (__builtin_cpu_supports("avxvnni")) loops.int8 = int8Avx2;
  }
  if (__builtin_cpu_supports("avx512f")) {
    loops = {"avx512", fmaAvx512, nullptr, nullptr, readAvx512, copyAvx2};
    if (__builtin_cpu_supports("avx512bf16")) loops.bf16 = bf16Avx512;
    if (__builtin_cpu_supports("avx512vnni")) loops.int8 = int8Avx512;
  }
#endif
  return loops;
}

// Far more than the caches of a machine of today hold, so that memory is what is measured.
constexpr size_t kBytes = size_t{512} << 20;
constexpr size_t kChunk = size_t{1} << 20;
// Each has at least a chunk to read, and one to write.
constexpr int kMostThreads = int(kBytes / kChunk / 2);

char* memory() {
  static char* data = [] {
    // In huge pages where the system has them, as Gerbert asks for: with small ones reading is half as fast.
    char* fresh = (char*)aligned_alloc(size_t{2} << 20, kBytes);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (fresh != nullptr) madvise(fresh, kBytes, MADV_HUGEPAGE);
#endif
    if (fresh != nullptr) memset(fresh, 1, kBytes);
    return fresh;
  }();
  return data;
}

// Work of one thread per call: operations, or bytes moved. `at` goes through the thread's part of the memory, chunk after chunk.
double once(const Loops& loops, const char* kind, char* part, size_t bytes, size_t& at) {
  if (strcmp(kind, "f32") == 0) return loops.f32();
  if (strcmp(kind, "bf16") == 0) return loops.bf16();
  if (strcmp(kind, "int8") == 0) return loops.int8();
  const bool copies = strcmp(kind, "copy") == 0;
  const size_t range = (copies ? bytes / 2 : bytes) / kChunk * kChunk;
  if (at + kChunk > range) at = 0;
  if (copies) loops.copy(part + range + at, part + at, kChunk);
  else loops.read(part + at, kChunk);
  at += kChunk;
  return copies ? 2.0 * kChunk : kChunk;
}

// Sum of the threads' rates, in 10⁹ per second. All begin together.
double rate(const Loops& loops, const char* kind, int threads, double forSeconds) {
  std::atomic<int> ready{0};
  std::vector<double> rates(threads);
  const bool moves = strcmp(kind, "read") == 0 || strcmp(kind, "copy") == 0;
  char* data = moves ? memory() : nullptr;
  auto work = [&](int index) {
    const size_t bytes = kBytes / threads / kChunk * kChunk;
    char* part = moves ? data + index * bytes : nullptr;
    size_t at = 0;
    ready.fetch_add(1);
    while (ready.load() < threads) std::this_thread::yield();
    const auto start = Clock::now();
    double done = 0;
    while (seconds(start) < forSeconds) done += once(loops, kind, part, bytes, at);
    rates[index] = done / seconds(start);
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; i++) others.emplace_back(work, i);
  work(0);
  for (auto& other : others) other.join();
  double sum = 0;
  for (double each : rates) sum += each;
  return sum / 1e9;
}

// The number after "key": in a line of JSON, or `otherwise`.
double number(const char* line, const char* key, double otherwise) {
  const char* at = strstr(line, key);
  return at == nullptr ? otherwise : strtod(at + strlen(key), nullptr);
}

}  // namespace

int main() {
  const Loops loops = choose();
  char line[512];
  while (fgets(line, sizeof line, stdin) != nullptr) {
    const long id = (long)number(line, "\"id\":", 0);
    const int threads = (int)number(line, "\"threads\":", 1);
    const double ms = number(line, "\"ms\":", 20);
    const char* kind = nullptr;
    const char* asked = strstr(line, "\"kind\":\"");
    for (const char* each : {"f32", "bf16", "int8", "read", "copy"}) {
      if (asked != nullptr && strncmp(asked + 8, each, strlen(each)) == 0) kind = each;
    }
    if (kind == nullptr) {
      printf("{\"id\":%ld,\"isa\":\"%s\"}\n", id, loops.isa);
    } else if (threads < 1 || threads > kMostThreads) {
      printf("{\"id\":%ld,\"error\":\"too many threads\"}\n", id);
    } else if ((strcmp(kind, "bf16") == 0 && loops.bf16 == nullptr) || (strcmp(kind, "int8") == 0 && loops.int8 == nullptr)) {
      printf("{\"id\":%ld,\"rate\":null}\n", id);
    } else {
      printf("{\"id\":%ld,\"rate\":%.3f}\n", id, rate(loops, kind, threads, ms / 1000));
    }
    fflush(stdout);
  }
}
