// Sums over the rows of a matrix: the gradients of biases and of the weights of norms.
#pragma once

#include "operation.h"
#include "simd.h"

#include <vector>

namespace {

using lanes::first;
using lanes::load;
using lanes::store;

// Columns adds up vectors [width], those of each piece of the rows for themselves, then all in their order, so that sums do not depend
// on the threads.
class Columns {
public:
  explicit Columns(int64_t width) : width(width), sums(width * pieces) {}
  float *piece(int64_t i) { return sums.data() + width * i; }
  void add_to(float *to) const {
    for (size_t i = 0; i < sums.size(); i++)
      to[i % width] += sums[i];
  }

  // each_piece calls body(piece, from, to) for the pieces of n rows, on all threads.
  template <class F> static void each_piece(int64_t n, F body) {
    parallel::each(std::min(n, pieces), [&](int64_t i) { body(i, n * i / std::min(n, pieces), n * (i + 1) / std::min(n, pieces)); });
  }

private:
  static constexpr int64_t pieces = 16;
  int64_t width;
  std::vector<float> sums;
};

template <class T> AVX512 void add_rows(float *to, const T *x, int64_t n, int64_t width) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < width; j += lanes::width) {
      __mmask16 m = first(width - j);
      store(to + j, _mm512_add_ps(load(to + j, m), load(x + i * width + j, m)), m);
    }
}

// add_columns adds the sums of the columns of x to a vector.
inline void add_columns(float *to, const Tensor &x) {
  int64_t width = x.size(-1);
  Columns sums(width);
  typed(x, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    Columns::each_piece(rows(x), [&](int64_t piece, int64_t from, int64_t end) { add_rows(sums.piece(piece), data<T>(x) + from * width, end - from, width); });
  });
  sums.add_to(to);
}

} // namespace
