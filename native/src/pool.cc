// One thread pool for the process: its threads spin for a short while after work, then sleep.
//
// A job is published by storing `gate`; workers join it by adding one to the count in the gate while it is open. The caller works too, closes
// the gate when no task is left to claim, and waits only for those who joined: a worker that is slow to wake costs nothing.
// The pool is never destroyed, and the addon is linked with -z nodelete: threads asleep at exit, or when a worker_thread that
// loaded the addon ends, still have their code and their mutexes.

#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "runtime.h"
#include "scratch.h"

namespace gerbert {

namespace {

// gate: epoch (31 bits), open (1), seats (16), active (16)
constexpr uint64_t openBit = uint64_t(1) << 32;
constexpr uint64_t epochOf(uint64_t gate) { return gate >> 33; }
constexpr bool isOpen(uint64_t gate) { return gate & openBit; }
constexpr uint64_t seatsOf(uint64_t gate) { return gate >> 16 & 0xffff; }
constexpr uint64_t activeOf(uint64_t gate) { return gate & 0xffff; }

constexpr int mostThreads = 1024;
constexpr std::chrono::microseconds spinTime(200);

inline void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Spins until ready() or for spinTime; returns ready().
template <class Ready>
bool spin(Ready ready) {
  auto deadline = std::chrono::steady_clock::now() + spinTime;
  do {
    for (int i = 0; i < 64; i++) {
      if (ready()) return true;
      relax();
    }
  } while (std::chrono::steady_clock::now() < deadline);
  return ready();
}

struct Pool {
  std::mutex owner;  // held by the caller whose job runs
  Body body = nullptr;
  void* context = nullptr;
  int64_t tasks = 0;
  uint64_t epoch = 0;
  std::vector<Scratch*> workers;  // one per thread; changed by the owner while no job runs

  alignas(64) std::atomic<int64_t> next{0};
  alignas(64) std::atomic<uint64_t> gate{0};
  alignas(64) std::atomic<int> parked{0};
  std::mutex sleep;
  std::condition_variable wake;
  std::mutex finish;
  std::condition_variable finished;
};

std::atomic<int> limit{0};

Pool& pool() {
  static Pool* one = new Pool;
  return *one;
}

void claim(Pool& p, void* memory) {
  for (int64_t task; (task = p.next.fetch_add(1, std::memory_order_relaxed)) < p.tasks;) p.body(p.context, task, memory);
}

uint64_t awaitJob(Pool& p, uint64_t seen) {
  auto ready = [&] { return epochOf(p.gate.load()) != seen; };
  if (!spin(ready)) {
    std::unique_lock<std::mutex> lock(p.sleep);
    p.parked.fetch_add(1);
    p.wake.wait(lock, ready);
    p.parked.fetch_sub(1);
  }
  return p.gate.load();
}

void work(Pool& p, Scratch* own) {
  for (uint64_t seen = 0;;) {
    uint64_t gate = awaitJob(p, seen);
    seen = epochOf(gate);
    while (isOpen(gate) && epochOf(gate) == seen && activeOf(gate) < seatsOf(gate)) {
      if (!p.gate.compare_exchange_weak(gate, gate + 1)) continue;
      claim(p, own->data);
      uint64_t before = p.gate.fetch_sub(1);
      if (!isOpen(before) && activeOf(before) == 1) {
        std::lock_guard<std::mutex> lock(p.finish);
        p.finished.notify_one();
      }
      break;
    }
  }
}

// Adds threads until there are `count`, or until the system gives no more. They take no signals: those are for the threads of the host.
void grow(Pool& p, size_t count) {
  if (p.workers.size() >= count) return;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    while (p.workers.size() < count) {
      p.workers.reserve(count);
      Scratch* own = new Scratch;
      std::thread([&p, own] { work(p, own); }).detach();
      p.workers.push_back(own);
    }
  } catch (const std::system_error&) {
    // Fewer threads than asked for is slower, not wrong.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void serial(int64_t tasks, size_t scratchBytes, Body body, void* context) {
  void* memory = scratch(scratchTasks, scratchBytes);
  for (int64_t task = 0; task < tasks; task++) body(context, task, memory);
}

void publish(Pool& p, int64_t tasks, int count) {
  uint64_t seats = std::min<uint64_t>(count - 1, tasks - 1);
  p.epoch = (p.epoch + 1) & 0x7fffffff;
  if (p.epoch == 0) p.epoch = 1;
  p.next.store(0, std::memory_order_relaxed);
  p.gate.store(p.epoch << 33 | openBit | seats << 16);
  if (p.parked.load() > 0) {
    { std::lock_guard<std::mutex> lock(p.sleep); }
    if (seats >= p.workers.size()) {
      p.wake.notify_all();
    } else {
      for (uint64_t i = 0; i < seats; i++) p.wake.notify_one();
    }
  }
}

}  // namespace

void parallel(int64_t tasks, size_t scratchBytes, Body body, void* context) {
  if (tasks <= 0) return;
  int count = threads();
  Pool& p = pool();
  if (tasks == 1 || count == 1) return serial(tasks, scratchBytes, body, context);
  std::unique_lock<std::mutex> lock(p.owner, std::try_to_lock);
  if (!lock.owns_lock()) return serial(tasks, scratchBytes, body, context);

  grow(p, size_t(count) - 1);
  for (Scratch* each : p.workers) each->reserve(scratchBytes);
  void* memory = scratch(scratchTasks, scratchBytes);
  p.body = body;
  p.context = context;
  p.tasks = tasks;
  publish(p, tasks, count);
  claim(p, memory);
  p.gate.fetch_and(~openBit);
  auto over = [&] { return activeOf(p.gate.load()) == 0; };
  if (!spin(over)) {
    std::unique_lock<std::mutex> finish(p.finish);
    p.finished.wait(finish, over);
  }
}

int threads() {
  int count = limit.load(std::memory_order_relaxed);
  return count > 0 ? count : 1;
}

void setThreads(int count) { limit.store(std::max(1, std::min(count, mostThreads))); }

void startThreads(int count) {
  int unset = 0;
  limit.compare_exchange_strong(unset, std::max(1, std::min(count, mostThreads)));
}

}  // namespace gerbert
