#include "decode.h"

#include <cstdio>

namespace gerbert {

namespace {

constexpr double elementBytes[] = {8, 4, 2, 2, 4, 1, 1};
static_assert(sizeof elementBytes / sizeof *elementBytes == size_t(DType::count));

constexpr double mostDim = 9007199254740991.0;  // 2⁵³ − 1: up to here doubles count exactly

std::string number(double x) {
  char text[40];
  snprintf(text, sizeof text, "%.17g", x);
  return text;
}

// The name at `position` in a list separated by spaces.
std::string nameAt(const char* names, int position) {
  const char* at = names;
  for (int i = 0; i < position; i++) {
    while (*at && *at != ' ') at++;
    if (*at) at++;
  }
  const char* end = at;
  while (*end && *end != ' ') end++;
  return std::string(at, end);
}

}  // namespace

void refuse(const Place& place, const std::string& text) {
  throw Error("KERNEL_ARGUMENT", std::string(place.kernel) + ": argument " + std::to_string(place.position + 1) + " (" +
                                     nameAt(place.names, place.position) + ") " + text);
}

double decodeInteger(double value, double low, double high, const Place& place) {
  if (!(value >= low && value <= high) || value != std::floor(value)) {
    refuse(place, "is " + number(value) + ", not an integer from " + number(low) + " to " + number(high));
  }
  return value;
}

View decodeView(const MemoryTable& memory, const double* at, const Place& place) {
  if (at[0] == -1) refuse(place, "is null, but this kernel needs it");
  const MemoryTable::Slot* slot = memory.find(at[0]);
  if (!slot) refuse(place, "lies in memory " + number(at[0]) + ", which has been freed or was never allocated");
  const double offset = at[1], dtype = at[2], rank = at[3];
  if (!(dtype >= 0 && dtype < double(int(DType::count))) || dtype != std::floor(dtype)) {
    refuse(place, "has the unknown dtype " + number(dtype));
  }
  if (!(rank >= 0 && rank <= 4) || rank != std::floor(rank)) refuse(place, "has rank " + number(rank) + ", not 0 to 4");
  if (!(offset >= 0 && offset <= mostDim) || offset != std::floor(offset)) refuse(place, "has offset " + number(offset));
  View view;
  view.dtype = DType(int(dtype));
  view.rank = int(rank);
  // Products of doubles: above 2⁵³ they round, but stay above 2⁵³, and no buffer is so large.
  double size = 1;
  for (int i = 0; i < 4; i++) {
    const double dim = i < view.rank ? at[4 + i] : 1;
    if (!(dim >= 0 && dim <= mostDim) || dim != std::floor(dim)) refuse(place, "has the dimension " + number(dim));
    view.dims[i] = int64_t(dim);
    size *= dim;
  }
  const double bytes = elementBytes[int(dtype)];
  if (!((offset + size) * bytes <= double(slot->bytes))) {
    refuse(place, "ends at byte " + number((offset + size) * bytes) + " of memory of " + number(double(slot->bytes)) + " bytes");
  }
  view.size = int64_t(size);
  view.data = slot->data + size_t(offset) * size_t(bytes);
  return view;
}

const Entry* entries(int* count) {
#define GERBERT_ENTRY(name, arguments) entry<&Kernels::name>(#name, arguments),
#define GERBERT_NUMBERS(name, arguments) static_assert(1 + CallOf<decltype(&Kernels::name)>::Type::numbers <= blockNumbers);
  static const Entry all[] = {GERBERT_KERNELS(GERBERT_ENTRY)};
  GERBERT_KERNELS(GERBERT_NUMBERS)
#undef GERBERT_ENTRY
#undef GERBERT_NUMBERS
  static_assert(sizeof all / sizeof *all == sizeof(Kernels) / sizeof(void (*)()), "every kernel is listed in GERBERT_KERNELS");
  *count = int(sizeof all / sizeof *all);
  return all;
}

}  // namespace gerbert
