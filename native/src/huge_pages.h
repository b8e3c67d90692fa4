#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace gerbert {

constexpr size_t hugePage = size_t(2) << 20;

// Asks for huge pages under large memory, which spares the matrix product most of its address translation: a tenth of its time where factors
// are larger than the caches.
inline void adviseHugePages(char* data, size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  const uintptr_t from = (uintptr_t(data) + hugePage - 1) / hugePage * hugePage, to = (uintptr_t(data) + bytes) / hugePage * hugePage;
  if (to > from) madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
#else
  (void)data;
  (void)bytes;
#endif
}

}  // namespace gerbert
