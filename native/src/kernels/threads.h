// `parallel` for lambdas, and the fixed blocks by which work is split. The sizes of blocks never depend on the number of threads.

// Elements of one block of elementwise work.
constexpr int64_t elementBlock = 16384;

template <class Work>
GERBERT_INLINE void parallelTasks(int64_t tasks, size_t scratchBytes, Work work) {
  parallel(
      tasks, scratchBytes, [](void* context, int64_t task, void* memory) { (*(Work*)context)(task, memory); }, &work);
}

// work(from, to) over blocks of [0, n).
template <class Work>
GERBERT_INLINE void parallelBlocks(int64_t n, int64_t block, Work work) {
  parallelTasks(ceilDivide(n, block), 0, [&](int64_t task, void*) { work(task * block, least(n, (task + 1) * block)); });
}

template <class Work>
GERBERT_INLINE void parallelElements(int64_t n, Work work) {
  parallelBlocks(n, elementBlock, work);
}

// work(from, to) over blocks of rows that hold about as many elements as an element block.
template <class Work>
GERBERT_INLINE void parallelRows(int64_t rows, int64_t width, Work work) {
  parallelBlocks(rows, most(1, elementBlock / most(1, width)), work);
}
