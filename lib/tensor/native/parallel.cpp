#include "parallel.h"

#include <immintrin.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>

namespace parallel {
namespace {

thread_local bool inside = false;

// Pool is the process's helpers: threads that join in the loop that is going on, as many as it may have.
class Pool {
public:
  // run returns false where another loop is going on.
  bool run(int64_t n, Body body, int helpers) {
    std::unique_lock<std::mutex> lock(mutex, std::try_to_lock);
    if (!lock)
      return false;
    start(helpers);
    job = body;
    count = n;
    places.store(helpers);
    next.store(0);
    open.store(true);
    loops.fetch_add(1);
    if (asleep.load() > 0)
      syscall(SYS_futex, &loops, FUTEX_WAKE_PRIVATE, helpers, nullptr, nullptr, 0);
    work();
    open.store(false);
    for (int i = 1; busy.load() > 0; i++)
      pause(i);
    if (std::exception_ptr e = std::exchange(failure, nullptr))
      std::rethrow_exception(e);
    return true;
  }

private:
  // start makes threads until there are as many as are wanted.
  void start(int wanted) {
    for (; threads < wanted; threads++) {
      pthread_t thread;
      auto body = [](void *self) -> void * {
        static_cast<Pool *>(self)->help();
        return nullptr;
      };
      if (int error = pthread_create(&thread, nullptr, body, this))
        throw std::system_error(error, std::generic_category(), "a thread for a parallel loop");
      pthread_detach(thread);
    }
  }

  // help is a thread's life. It counts itself as busy before it looks whether there is a loop, which is closed before its caller looks
  // whether anybody is busy: so no caller leaves while a thread is in its loop.
  [[noreturn]] void help() {
    for (int seen = 0;; seen = wait(seen)) {
      busy.fetch_add(1);
      if (open.load() && places.fetch_sub(1) > 0)
        work();
      busy.fetch_sub(1);
    }
  }

  // wait returns the number of loops so far when that is no longer what was seen.
  int wait(int seen) {
    constexpr int patience = 4000; // about a fifth of a millisecond
    for (int i = 0; i < patience; i++) {
      if (int now = loops.load(); now != seen)
        return now;
      pause(i);
    }
    asleep.fetch_add(1);
    while (loops.load() == seen)
      syscall(SYS_futex, &loops, FUTEX_WAIT_PRIVATE, seen, nullptr, nullptr, 0);
    asleep.fetch_sub(1);
    return loops.load();
  }

  // pause passes the time, and now and then the processor to whoever wants it: the helper that is waited for, maybe.
  static void pause(int i) {
    _mm_pause();
    if (i % 8 == 0)
      sched_yield();
  }

  // work takes iterations until there are none left.
  void work() {
    inside = true;
    for (int64_t i; (i = next.fetch_add(1)) < count;)
      try {
        job.call(job.self, i);
      } catch (...) {
        std::lock_guard<std::mutex> lock(failing);
        if (!failure)
          failure = std::current_exception();
      }
    inside = false;
  }

  std::mutex mutex; // held by the caller of the loop
  int threads = 0;
  Body job{};
  int64_t count = 0;
  std::atomic<int64_t> next{0};
  std::atomic<int> places{0};           // helpers that the loop may still have
  std::atomic<int> loops{0}, asleep{0}; // loops ever begun; threads that need a call to notice another
  std::atomic<int> busy{0};
  std::atomic<bool> open{false};
  std::mutex failing;
  std::exception_ptr failure;
};

Pool &pool() {
  static Pool *all = new Pool; // its threads outlive what the end of the process takes down
  return *all;
}

} // namespace

bool within() { return inside; }

void run(int64_t n, Body body) {
  int helpers = int(std::min<int64_t>(n, at::get_num_threads())) - 1;
  if (helpers > 0 && !inside && pool().run(n, body, helpers))
    return;
  bool before = std::exchange(inside, true);
  struct Leave {
    bool before;
    ~Leave() { inside = before; }
  } leave{before};
  for (int64_t i = 0; i < n; i++)
    body.call(body.self, i);
}

} // namespace parallel
