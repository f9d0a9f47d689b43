// Matrix products in the manner of Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication": 64 columns of b are copied
// to a panel, in the order in which the innermost loop reads it, which stays in the second cache while the rows of a go by.
//
// oneDNN, inside libtorch, is of the same order (on two Zen 5 cores, by the shapes of a T5 step: 250 to 490 GFLOPS in float32 and
// 950 to 1,000 in bfloat16, against 365 to 507 and 665 to 1,024 here), but gives float32 at that speed only for x wᵀ into a new
// tensor, and bfloat16 only for factors and results that are bfloat16: transposes, conversions and the sum with earlier gradients would
// be passes of their own.

#include "layout.h"
#include "parallel.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace gemm {
namespace {

constexpr int rows = 6;                   // of sums that stay in registers, with as many columns as a panel has: 24 of the 32
constexpr int64_t strip = 8 * rows;       // rows that are worth a thread
constexpr int64_t longest = 1024;         // units of a sum in one go; longer ones go through memory
constexpr int64_t block_bytes = 2 << 20;  // of rows of a that are copied at once

int64_t ceil(int64_t n, int64_t d) { return (n + d - 1) / d; }

// Buffer is memory of one thread that grows.
class Buffer {
public:
  int32_t *get(int64_t n) {
    if (n > size) {
      memory.reset(static_cast<int32_t *>(std::aligned_alloc(64, (n * 4 + 63) / 64 * 64)));
      size = memory ? n : 0;
      if (!memory)
        throw std::bad_alloc();
    }
    return memory.get();
  }

private:
  struct Free {
    void operator()(int32_t *p) const { std::free(p); }
  };
  std::unique_ptr<int32_t, Free> memory;
  int64_t size = 0;
};

thread_local Buffer copied, panel, sums;

INLINE512 void finish(__m512 v, __mmask16 there, Result to, int64_t i, int64_t j) {
  if (to.bias)
    v = _mm512_add_ps(v, load(to.bias + j, there));
  if (to.half) {
    auto p = static_cast<lanes::Half *>(to.data) + i * to.row + j;
    store(p, to.add ? _mm512_add_ps(v, load(p, there)) : v, there);
  } else {
    auto p = static_cast<float *>(to.data) + i * to.row + j;
    store(p, to.add ? _mm512_add_ps(v, load(p, there)) : v, there);
  }
}

// prefetch asks for what m rows of sums will be added to.
inline void prefetch(Result to, int m, int n) {
  int64_t size = to.half ? 2 : 4;
  for (int i = 0; i < m; i++)
    for (int64_t byte = 0; byte < n * size; byte += 64)
      __builtin_prefetch(static_cast<char *>(to.data) + i * to.row * size + byte, 1);
}

// tile multiplies m rows of a, units apart by stride, with n columns of a panel.
template <bool Half> AVX512 void tile(int64_t depth, const int32_t *a, int64_t stride, const int32_t *b, int m, int n, Result to) {
  constexpr int vectors = columns / 16;
  const int32_t *row[rows]; // the last one again in place of rows that are not there
#pragma GCC unroll 6
  for (int i = 0; i < rows; i++)
    row[i] = a + std::min(i, m - 1) * stride;
  __m512 sum[rows][vectors];
#pragma GCC unroll 6
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
    for (int j = 0; j < vectors; j++)
      sum[i][j] = _mm512_setzero_ps();
  if (to.add)
    prefetch(to, m, n);
  for (int64_t u = 0; u < depth; u++) {
    __m512i right[vectors];
#pragma GCC unroll 4
    for (int j = 0; j < vectors; j++)
      right[j] = _mm512_load_si512(b + u * columns + j * 16);
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++) {
      __m512i left = _mm512_set1_epi32(row[i][u]);
#pragma GCC unroll 4
      for (int j = 0; j < vectors; j++)
        sum[i][j] = Half ? _mm512_dpbf16_ps(sum[i][j], __m512bh(left), __m512bh(right[j]))
                         : _mm512_fmadd_ps(_mm512_castsi512_ps(left), _mm512_castsi512_ps(right[j]), sum[i][j]);
    }
  }
#pragma GCC unroll 6
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
    for (int j = 0; j < vectors; j++)
      if (i < m && j * 16 < n)
        finish(sum[i][j], first(n - j * 16), to, i, j * 16);
}

Result at(Result c, int64_t i, int64_t j) {
  c.data = static_cast<char *>(c.data) + (i * c.row + j) * (c.half ? 2 : 4);
  if (c.bias)
    c.bias += j;
  return c;
}

// Rows are rows of a as the innermost loop reads them.
struct Rows {
  const int32_t *data;
  int64_t stride; // units
};

// Product is one of m x n sums of at most longest units.
struct Product {
  int64_t m, n, depth;
  Operand a, b;
  Result c;
  bool half;
  int64_t threads;

  int64_t all() const { return units(depth, half); }
  int64_t panels() const { return ceil(n, columns); }

  // most is how many rows of a are worked on at once: as many as are worth copying, where they are copied.
  int64_t most() const { return as_it_is(a, depth, half) ? m : std::max<int64_t>(1, block_bytes / 4 / all() / strip) * strip; }

  // lay_out gives count rows of a from one on, on all threads.
  Rows lay_out(int64_t from, int64_t count) const {
    Operand part = at(a, from, 0);
    if (as_it_is(a, depth, half))
      return {static_cast<const int32_t *>(part.data), half ? a.row / 2 : a.row};
    int32_t *to = copied.get(count * all());
    parallel::each(ceil(count, strip), [&](int64_t i) {
      int64_t first = i * strip;
      typed(at(part, first, 0), half, [&](auto *data, auto h) {
        copy_rows<std::decay_t<decltype(*data)>, h.value>(data, a, std::min(strip, count - first), depth, to + first * all());
      });
    });
    return {to, all()};
  }

  // pack lays out columns j to j+width-1 of b.
  const int32_t *pack(int64_t j, int width) const {
    int32_t *to = panel.get(all() * columns);
    typed(at(b, j, 0), half, [&](auto *data, auto h) { pack_panel<std::decay_t<decltype(*data)>, h.value>(data, b, width, depth, to); });
    return to;
  }

  // multiply gives count rows of sums from one on with as many columns as a panel has, from j on.
  void multiply(Rows left, int64_t from, int64_t count, int64_t j) const {
    int width = std::min<int64_t>(columns, n - j);
    const int32_t *right = pack(j, width);
    for (int64_t i = 0; i < count; i += rows) {
      int height = std::min<int64_t>(rows, count - i);
      Result to = at(c, from + i, j);
      half ? tile<true>(all(), left.data + i * left.stride, left.stride, right, height, width, to)
           : tile<false>(all(), left.data + i * left.stride, left.stride, right, height, width, to);
    }
  }

  // run lets threads share the panels; where those are few, each panel's rows too.
  void run() const {
    int64_t parts = threads == 1 ? 1 : std::min(ceil(2 * threads, panels()), ceil(m, strip));
    for (int64_t i0 = 0; i0 < m; i0 += most()) {
      int64_t count = std::min(most(), m - i0), height = ceil(ceil(count, parts), rows) * rows;
      Rows left = lay_out(i0, count);
      parallel::each(panels() * parts, [&](int64_t task) {
        int64_t i = task / panels() * height;
        if (i < count)
          multiply({left.data + i * left.stride, left.stride}, i0 + i, std::min(height, count - i), task % panels() * columns);
      });
    }
  }
};

AVX512 void finish_rows(const float *total, Result c, int64_t from, int64_t to, int64_t n) {
  for (int64_t i = from; i < to; i++)
    for (int64_t j = 0; j < n; j += 16)
      finish(load(total + i * n + j, first(n - j)), first(n - j), c, i, j);
}

} // namespace

void multiply(int64_t m, int64_t n, int64_t depth, Operand a, Operand b, Result c, bool half) {
  int64_t step = longest * (half ? 2 : 1), threads = parallel::within() ? 1 : at::get_num_threads();
  if (depth <= step)
    return Product{m, n, depth, a, b, c, half, threads}.run();
  // Longer sums are added up in float32: in the result itself where it is that.
  Result total = c;
  if (c.half)
    total = {sums.get(m * n), n, false};
  for (int64_t k = 0; k < depth; k += step) {
    Product{m, n, std::min(step, depth - k), at(a, 0, k), at(b, 0, k), total, half, threads}.run();
    total.add = true;
    total.bias = nullptr;
  }
  if (c.half)
    parallel::ranges(m, 16, [&](int64_t from, int64_t to) { finish_rows(static_cast<float *>(total.data), c, from, to, n); });
}

} // namespace gemm
