#include <stdarg.h>
#include <stdio.h>

#include <algorithm>
#include <vector>

#include "error.h"
#include "runtime.h"

namespace gerbert {

namespace {

const char* const dtypeNames[] = {"f64", "f32", "bf16", "f16", "i32", "u8", "bool"};

struct Text {
  char at[96];
};

// "[2, 3]"
Text dimsText(const View& view) {
  Text text;
  int used = snprintf(text.at, sizeof text.at, "[");
  for (int i = 0; i < view.rank; i++) {
    used += snprintf(text.at + used, sizeof text.at - used, "%s%lld", i ? ", " : "", (long long)view.dims[i]);
  }
  snprintf(text.at + used, sizeof text.at - used, "]");
  return text;
}

}  // namespace

void fail(const char* kernel, const char* format, ...) {
  char text[400];
  int used = snprintf(text, sizeof text, "%s: ", kernel);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text + used, sizeof text - used, format, arguments);
  va_end(arguments);
  throw Error("KERNEL_ARGUMENT", text);
}

void failMemory(size_t bytes) {
  char text[120];
  snprintf(text, sizeof text, "no memory for %zu bytes of kernel scratch; use smaller batches or fewer threads", bytes);
  throw Error("OUT_OF_MEMORY", text);
}

void needDType(const char* kernel, const char* argument, const View* view, DType dtype) {
  if (view && view->dtype != dtype) {
    fail(kernel, "%s has dtype %s, but this kernel takes %s", argument, dtypeNames[(int)view->dtype], dtypeNames[(int)dtype]);
  }
}

void needRank(const char* kernel, const char* argument, const View* view, int rank) {
  if (view && view->rank != rank) {
    fail(kernel, "%s has shape %s, but %d dimension%s must be given", argument, dimsText(*view).at, rank, rank == 1 ? "" : "s");
  }
}

void needVector(const char* kernel, const char* argument, const View* view, int64_t size) {
  needDType(kernel, argument, view, DType::f32);
  if (view && (view->rank != 1 || view->dims[0] != size)) {
    fail(kernel, "%s has shape %s, but [%lld] is expected", argument, dimsText(*view).at, (long long)size);
  }
}

void needMatrix(const char* kernel, const char* argument, const View* view, int64_t rows, int64_t columns) {
  needDType(kernel, argument, view, DType::f32);
  if (view && (view->rank != 2 || view->dims[0] != rows || view->dims[1] != columns)) {
    fail(kernel, "%s has shape %s, but [%lld, %lld] is expected", argument, dimsText(*view).at, (long long)rows,
         (long long)columns);
  }
}

void needOne(const char* kernel, const char* argument, const View* view) { needVector(kernel, argument, view, 1); }

void needSize(const char* kernel, const char* argument, const View* view, const char* otherName, const View& other) {
  needDType(kernel, argument, view, DType::f32);
  if (view && view->size != other.size) {
    fail(kernel, "%s has %lld elements, but %s has %lld", argument, (long long)view->size, otherName, (long long)other.size);
  }
}

void needLike(const char* kernel, const char* argument, const View* view, const char* otherName, const View& other) {
  needDType(kernel, argument, view, DType::f32);
  if (!view) return;
  bool same = view->rank == other.rank;
  for (int i = 0; same && i < view->rank; i++) same = view->dims[i] == other.dims[i];
  if (!same) {
    fail(kernel, "%s has shape %s, but %s has %s", argument, dimsText(*view).at, otherName, dimsText(other).at);
  }
}

void needIndex(const char* kernel, const char* argument, const View* view, int64_t size, int64_t limit, const int32_t* except) {
  if (!view) return;
  needDType(kernel, argument, view, DType::i32);
  if (view->rank != 1 || view->dims[0] != size) {
    fail(kernel, "%s has shape %s, but [%lld] is expected", argument, dimsText(*view).at, (long long)size);
  }
  const int32_t* values = static_cast<const int32_t*>(view->data);
  for (int64_t i = 0; i < size; i++) {
    if ((values[i] < 0 || values[i] >= limit) && !(except && values[i] == *except)) {
      fail(kernel, "%s[%lld] is %d, outside [0, %lld)", argument, (long long)i, values[i], (long long)limit);
    }
  }
}

void needColumns(const char* kernel, const char* argument, int64_t at, int64_t width, int64_t of) {
  if (at < 0 || width < 0 || at > of || width > of - at) {
    fail(kernel, "columns %lld to %lld lie outside %s, which has %lld", (long long)at, (long long)(at + width), argument,
         (long long)of);
  }
}

void needNotNegative(const char* kernel, const char* argument, double value) {
  if (!(value >= 0)) fail(kernel, "%s is %g, but must not be negative", argument, value);
}

void needDropout(const char* kernel, double p, uint32_t op, int64_t heads) {
  if (!(p >= 0 && p < 1)) fail(kernel, "p is %g, but 0 <= p < 1 is expected", p);
  if (op >= 1u << 24) fail(kernel, "op is %u, but must be less than 2^24", op);
  if (p > 0 && heads > 256) fail(kernel, "with dropout there can be 256 heads at most, not %lld", (long long)heads);
}

namespace {

// No two of the ranges (first, count) at values[5·b + side·2] overlap.
void needApart(const char* kernel, const char* what, const int32_t* values, int64_t count, int side) {
  struct Rows {
    int64_t from, to;
  };
  std::vector<Rows> ranges;
  ranges.reserve(size_t(count));
  for (int64_t b = 0; b < count; b++) {
    const int32_t* at = values + 5 * b + 2 * side;
    if (at[1] > 0) ranges.push_back({at[0], int64_t(at[0]) + at[1]});
  }
  std::sort(ranges.begin(), ranges.end(), [](const Rows& a, const Rows& b) { return a.from < b.from; });
  for (size_t i = 1; i < ranges.size(); i++) {
    if (ranges[i - 1].to > ranges[i].from) fail(kernel, "two spans hold %s row %lld", what, (long long)ranges[i].from);
  }
}

}  // namespace

void needSpans(const char* kernel, const View& spans, int64_t queryRows, int64_t keyRows, bool queriesApart, bool keysApart) {
  needDType(kernel, "spans", &spans, DType::i32);
  if (spans.rank != 2 || spans.dims[1] != 5) {
    fail(kernel, "spans has shape %s, but [B, 5] is expected", dimsText(spans).at);
  }
  const int32_t* values = static_cast<const int32_t*>(spans.data);
  for (int64_t b = 0; b < spans.dims[0]; b++) {
    for (int side = 0; side < 2; side++) {
      const int32_t first = values[5 * b + 2 * side], count = values[5 * b + 2 * side + 1];
      const int64_t rows = side == 0 ? queryRows : keyRows;
      if (first < 0 || count < 0 || int64_t(first) + count > rows) {
        fail(kernel, "spans[%lld] takes %d %s rows from row %d on, but there are %lld", (long long)b, count,
             side == 0 ? "query" : "key", first, (long long)rows);
      }
    }
  }
  if (queriesApart) needApart(kernel, "query", values, spans.dims[0], 0);
  if (keysApart) needApart(kernel, "key", values, spans.dims[0], 1);
}

}  // namespace gerbert
