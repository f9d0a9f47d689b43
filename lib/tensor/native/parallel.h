// Loops over all threads of at::get_num_threads(), for the hundreds of short ones of a training step. Where OMP_WAIT_POLICY is passive,
// which keeps two programs from slowing each other down, OpenMP puts its threads to sleep after each loop; waking them took
// a sixth of a step in bfloat16. The threads here look out for the next loop for a while before they sleep, and let anybody else have
// the processor meanwhile. Iterations go to whoever is free, so a thread that comes late costs nothing but its help.
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>

namespace parallel {

// Body is a function with what it refers to.
struct Body {
  void (*call)(void *self, int64_t i);
  void *self;
};

// run calls body for 0 to n-1, in any order. A loop within a loop, or while another thread of the program has a loop going, runs on the
// calling thread alone. The first exception of a body is thrown again when all is done.
void run(int64_t n, Body body);

// within says whether the calling thread is in a loop.
bool within();

// each calls body(i) for 0 to n-1.
template <class F> void each(int64_t n, F body) {
  run(n, {[](void *self, int64_t i) { (*static_cast<F *>(self))(i); }, &body});
}

// ranges calls body(from, to) for stretches of 0 to n-1 that hold at least grain, the last excepted.
template <class F> void ranges(int64_t n, int64_t grain, F body) {
  int64_t most = 8 * at::get_num_threads(), size = std::max(grain, (n + most - 1) / most);
  each((n + size - 1) / size, [&](int64_t i) { body(i * size, std::min(n, (i + 1) * size)); });
}

} // namespace parallel
