// Sums over the rows of a matrix: the gradients of biases and of the weights of norms.
#pragma once

#include "operation.h"
#include "simd.h"

#include <vector>

namespace {

// Columns adds up vectors [width], on each thread for itself, then all in the order of the threads, so that equal numbers of threads
// give equal sums.
class Columns {
public:
  explicit Columns(int64_t width) : width(width), sums(width * at::get_num_threads()) {}
  float *mine() { return sums.data() + width * at::get_thread_num(); }
  void add_to(float *to) const {
    for (size_t i = 0; i < sums.size(); i++)
      to[i % width] += sums[i];
  }

private:
  int64_t width;
  std::vector<float> sums;
};

template <class T> AVX512 void add_rows(float *to, const T *x, int64_t n, int64_t width) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < width; j += lanes) {
      __mmask16 m = first(width - j);
      store(to + j, m, _mm512_add_ps(load(to + j, m), load(x + i * width + j, m)));
    }
}

// add_columns adds the sums of the columns of x to a vector.
inline void add_columns(float *to, const Tensor &x) {
  int64_t width = x.size(-1);
  Columns sums(width);
  typed(x, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    at::parallel_for(0, rows(x), 16, [&](int64_t from, int64_t end) { add_rows(sums.mine(), data<T>(x) + from * width, end - from, width); });
  });
  sums.add_to(to);
}

} // namespace
