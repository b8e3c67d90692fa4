// shims <rounds>: runs every operation over SIMDe and as an instruction on the same bytes, and prints, as JSON, how often each differs and how; or why
// this processor cannot.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operations.h"

namespace {

uint64_t state = 1;
uint32_t draw() {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 32);
}

// A float: mostly one of ordinary size, at times anything. In pairs of bf16 the low half is as random as the high one.
uint32_t drawWord() {
  static const uint32_t special[] = {0,          0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 1,          0x807fffff, 0x00800000,
                                     0x3f808000, 0x3f818000, 0x3f80ffff, 0x7f7fffff, 0x4effffff, 0xcf000000, 0x43800000, 0x3fc00000, 0x40200000};
  const uint32_t kind = draw() % 16;
  if (kind == 0) return special[draw() % (sizeof special / sizeof *special)];
  if (kind == 1) return draw();
  const uint32_t high = (draw() & 0x80ff) | (0x3e00 + draw() % 0x300), low = (draw() & 0x80ff) | (0x3e00 + draw() % 0x300);
  return high << 16 | low;
}

bool nan(uint32_t bits) { return (bits & 0x7fffffff) > 0x7f800000; }

}  // namespace

int main(int count, char** arguments) {
  const int rounds = count > 1 ? atoi(arguments[1]) : 1000;
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx512bf16") || !__builtin_cpu_supports("avx512vnni") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("f16c")) {
    printf("{\"skip\": \"this processor has not all of AVX-512 with VNNI and BF16\"}\n");
    return 0;
  }
  size_t operations;
  const Operation *simulated = simulated::operations(&operations), *genuine = genuine::operations(&operations);
  printf("{\"rounds\": %d, \"operations\": {", rounds);
  for (size_t i = 0; i < operations; i++) {
    int differ = 0;
    char example[400] = "";
    for (int round = 0; round < rounds; round++) {
      uint32_t in[3][16], out[2][16] = {};
      for (auto& words : in) {
        for (uint32_t& word : words) word = drawWord();
      }
      const unsigned char* bytes[3] = {(unsigned char*)in[0], (unsigned char*)in[1], (unsigned char*)in[2]};
      simulated[i].run((unsigned char*)out[0], bytes[0], bytes[1], bytes[2]);
      genuine[i].run((unsigned char*)out[1], bytes[0], bytes[1], bytes[2]);
      for (int lane = 0; lane < 16; lane++) {
        if (out[0][lane] == out[1][lane] || (nan(out[0][lane]) && nan(out[1][lane]))) continue;
        differ++;
        snprintf(example, sizeof example, "lane %d of (%08x, %08x, %08x): %08x, but the instruction %08x", lane, in[0][lane], in[1][lane], in[2][lane],
                 out[0][lane], out[1][lane]);
        break;
      }
    }
    printf("%s\"%s\": {\"differ\": %d, \"example\": \"%s\"}", i ? ", " : "", genuine[i].name, differ, example);
  }
  printf("}}\n");
}
