// The threads of one parallel region. OpenMP's own barrier puts threads to sleep where OMP_WAIT_POLICY is passive, which takes
// longer than most of what lies between two barriers here; this one spins for a while and then sleeps.
#pragma once

#include <ATen/Parallel.h>

#include <immintrin.h>
#include <linux/futex.h>
#include <omp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

struct Span {
  int64_t from, to;
};

struct Team {
  std::atomic<int> arrived{0}, phase{0}, asleep{0};
  std::atomic<int64_t> taken{0};
};

// Member is one thread of a team.
struct Member {
  Team &team;
  int thread, threads;

  // wait returns once all members have called it.
  void wait() {
    if (threads == 1) {
      team.taken.store(0, std::memory_order_relaxed);
      return;
    }
    int now = team.phase.load(std::memory_order_relaxed);
    if (team.arrived.fetch_add(1, std::memory_order_acq_rel) + 1 < threads) {
      for (int spins = 0; team.phase.load(std::memory_order_acquire) == now; spins++)
        if (spins < 2000)
          _mm_pause();
        else
          sleep(now); // another program has the processor of a member that is still to come
      return;
    }
    team.arrived.store(0, std::memory_order_relaxed);
    team.taken.store(0, std::memory_order_relaxed);
    team.phase.store(now + 1);
    if (team.asleep.load() > 0)
      syscall(SYS_futex, &team.phase, FUTEX_WAKE_PRIVATE, threads, nullptr, nullptr, 0);
  }

  // next hands out 0, 1, 2, ... to whoever asks, from 0 again after a wait.
  int64_t next() { return team.taken.fetch_add(1, std::memory_order_relaxed); }

  // share is what this member has to do of n pieces when all do as much.
  Span share(int64_t n) const { return {n * thread / threads, n * (thread + 1) / threads}; }

private:
  // sleep returns when the phase is another, or before.
  void sleep(int now) {
    team.asleep.fetch_add(1);
    syscall(SYS_futex, &team.phase, FUTEX_WAIT_PRIVATE, now, nullptr, nullptr, 0);
    team.asleep.fetch_sub(1);
  }
};

// together calls body(member) on every thread of a new team. The body must not throw.
template <class Body> void together(Body body) {
  Team team;
#pragma omp parallel num_threads(at::get_num_threads())
  {
    Member me{team, omp_get_thread_num(), omp_get_num_threads()};
    body(me);
  }
}
