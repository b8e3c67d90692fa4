// What kernels of every instruction set share, compiled once for the oldest processor: errors, checks of arguments, the thread pool and
// scratch memory. Plain functions only: the header is also read by the instruction-set translation units.
#pragma once

#include "kernels.h"

namespace gerbert {

// ---- errors: each throws a gerbert::Error, which the binding turns into a JavaScript error

#if defined(__GNUC__)
#define GERBERT_FORMAT(at, from) __attribute__((format(printf, at, from), cold, noreturn))
#else
#define GERBERT_FORMAT(at, from)
#endif

// KERNEL_ARGUMENT, with the message "<kernel>: <text>".
void fail(const char* kernel, const char* format, ...) GERBERT_FORMAT(2, 3);
// OUT_OF_MEMORY
void failMemory(size_t bytes) __attribute__((cold, noreturn));

// ---- checks. `argument` is the name an error calls the view by. A pointer may be null: then nothing is checked.

void needDType(const char* kernel, const char* argument, const View* view, DType dtype);
void needRank(const char* kernel, const char* argument, const View* view, int rank);
// f32 and exactly these dims
void needVector(const char* kernel, const char* argument, const View* view, int64_t size);
void needMatrix(const char* kernel, const char* argument, const View* view, int64_t rows, int64_t columns);
// f32 [1]
void needOne(const char* kernel, const char* argument, const View* view);
// f32 and the dims of `other`
void needLike(const char* kernel, const char* argument, const View* view, const char* otherName, const View& other);
// f32 and as many elements as `other`
void needSize(const char* kernel, const char* argument, const View* view, const char* otherName, const View& other);
// i32 [size], every value in [0, limit) or equal to `except` where exceptions are allowed
void needIndex(const char* kernel, const char* argument, const View* view, int64_t size, int64_t limit, const int32_t* except);
// columns [at, at + width) of a width-`of` array
void needColumns(const char* kernel, const char* argument, int64_t at, int64_t width, int64_t of);
void needNotNegative(const char* kernel, const char* argument, double value);
// 0 ≤ p < 1, and an op that leaves room for the head beside it in its word
void needDropout(const char* kernel, double p, uint32_t op, int64_t heads);
// i32 [B, 5]: (first query row, count, first key row, count, sequence), the rows within the two arrays and, where told, no row in two spans
void needSpans(const char* kernel, const View& spans, int64_t queryRows, int64_t keyRows, bool queriesApart, bool keysApart);

// ---- threads

// Runs body(context, task, scratch) for every task in [0, tasks), in any order and on any thread. `scratch` is that thread's own memory of
// at least scratchBytes, aligned to 64, its content left over from earlier work. The body must not throw nor call parallel.
// Where the pool is busy with another caller's work, or one thread is all there is, the caller runs the tasks itself, in ascending order.
typedef void (*Body)(void* context, int64_t task, void* scratch);
void parallel(int64_t tasks, size_t scratchBytes, Body body, void* context);

// The number of threads `parallel` may use. At least 1.
int threads();
void setThreads(int count);
// Sets it where nobody has yet.
void startThreads(int count);

// ---- scratch: memory that belongs to the calling thread and only grows. Slot numbers keep nested uses apart.

enum ScratchSlot : int { scratchTasks, scratchA, scratchB, scratchPartial, scratchSlots };
void* scratch(ScratchSlot slot, size_t bytes);
// How often scratch memory has been allocated by this process so far.
uint64_t scratchAllocations();

// ---- instruction sets

// The tables of this build, best first; null `kernels` where this processor lacks the instructions.
struct Isa {
  const char* name;
  bool supported;
  const Kernels* (*table)();
};
const Isa* isas(int* count);

}  // namespace gerbert
