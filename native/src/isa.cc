// Which instruction sets this build has tables for, and which of them this processor and its operating system run.
#include "runtime.h"

namespace gerbert_avx512bf16 {
const gerbert::Kernels* table();
}
namespace gerbert_avx512 {
const gerbert::Kernels* table();
}
namespace gerbert_avx2 {
const gerbert::Kernels* table();
}
namespace gerbert_neon {
const gerbert::Kernels* table();
}
namespace gerbert_portable {
const gerbert::Kernels* table();
}

namespace gerbert {

#if defined(GERBERT_SIMDE)

// Everything is compiled in portable C.
const Isa* isas(int* count) {
  static const Isa all[] = {
      {"avx512bf16", true, gerbert_avx512bf16::table},
      {"avx512", true, gerbert_avx512::table},
      {"avx2", true, gerbert_avx2::table},
      {"neon", true, gerbert_neon::table},
      {"portable", true, gerbert_portable::table},
  };
  *count = sizeof all / sizeof *all;
  return all;
}

#elif defined(__x86_64__)

namespace {

// Whether the operating system saves the registers: XCR0 bits 1–2 for AVX, and 5–7 for AVX-512.
bool saves(unsigned mask) {
  unsigned a, b, c, d;
  asm("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(1), "c"(0));
  if (!(c & 1u << 27)) return false;  // OSXSAVE
  unsigned low, high;
  asm("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & mask) == mask;
}

bool runsAvx2() {
  return saves(0x06) && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("f16c");
}

bool runsAvx512() {
  return runsAvx2() && saves(0xe6) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}

bool runsAvx512Bf16() {
  return runsAvx512() && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bf16");
}

}  // namespace

const Isa* isas(int* count) {
  __builtin_cpu_init();
  static const Isa all[] = {
      {"avx512bf16", runsAvx512Bf16(), gerbert_avx512bf16::table},
      {"avx512", runsAvx512(), gerbert_avx512::table},
      {"avx2", runsAvx2(), gerbert_avx2::table},
      {"portable", true, gerbert_portable::table},
  };
  *count = sizeof all / sizeof *all;
  return all;
}

#else

const Isa* isas(int* count) {
  static const Isa all[] = {
#if defined(__aarch64__)
      {"neon", true, gerbert_neon::table},
#endif
      {"portable", true, gerbert_portable::table},
  };
  *count = sizeof all / sizeof *all;
  return all;
}

#endif

}  // namespace gerbert
