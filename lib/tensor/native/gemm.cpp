// Matrix products in the manner of Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication": 64 columns of b are copied
// to a panel, in the order in which the innermost loop reads it, which stays in the second cache while the rows of a go by.
//
// oneDNN, inside libtorch, is of the same order (on two Zen 5 cores, by the shapes of a T5 step: 250 to 490 GFLOPS in float32 and
// 950 to 1,000 in bfloat16, against 365 to 507 and 665 to 1,024 here), but gives float32 at that speed only for x wᵀ into a new
// tensor, and bfloat16 only for factors and results that are bfloat16: transposes, conversions and the sum with earlier gradients would
// be passes of their own.

#include "gemm.h"
#include "simd.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace gemm {
namespace {

constexpr int rows = 6, columns = 64;     // of sums that stay in registers: 24 of the 32
constexpr int64_t longest = 1024;         // units of a sum in one go; longer ones go through memory
constexpr int64_t block_bytes = 2 << 20;  // of rows of a that are copied at once

// Depth is counted in units of 32 bits: one float32 or two bfloat16.
int64_t units(int64_t depth, bool half) { return half ? (depth + 1) / 2 : depth; }

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

// along loads 16 units of one row, from k on; left elements are there.
template <bool Half> INLINE512 __m512i along(const float *p, int64_t left) {
  if (!Half)
    return _mm512_castps_si512(load(p, first(left)));
  return __m512i(_mm512_cvtne2ps_pbh(load(p + 16, first(std::max<int64_t>(left - 16, 0))), load(p, first(left))));
}
template <bool Half> INLINE512 __m512i along(const bf16 *p, int64_t left) {
  if (Half)
    return _mm512_maskz_loadu_epi16(left >= 32 ? ~0u : (1u << left) - 1, p);
  return _mm512_castps_si512(load(p, first(left)));
}

// narrow rounds 16 elements to bfloat16, each in the lower half of a unit.
INLINE512 __m512i narrow(const float *p, __mmask16 m) { return _mm512_cvtepu16_epi32(__m256i(_mm512_cvtneps_pbh(load(p, m)))); }
INLINE512 __m512i narrow(const bf16 *p, __mmask16 m) { return _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(m, p)); }

// transpose exchanges rows and columns of 16 x 16 units.
INLINE512 void transpose(__m512i *r) {
  __m512i t[16], q[16];
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) {
    t[2 * i] = _mm512_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
    t[2 * i + 1] = _mm512_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
#pragma GCC unroll 2
    for (int j = 0; j < 2; j++) {
      q[4 * i + 2 * j] = _mm512_unpacklo_epi64(t[4 * i + j], t[4 * i + 2 + j]);
      q[4 * i + 2 * j + 1] = _mm512_unpackhi_epi64(t[4 * i + j], t[4 * i + 2 + j]);
    }
#pragma GCC unroll 4
  for (int c = 0; c < 4; c++) {
    __m512i even0 = _mm512_shuffle_i32x4(q[c], q[4 + c], 0x88), odd0 = _mm512_shuffle_i32x4(q[c], q[4 + c], 0xdd);
    __m512i even1 = _mm512_shuffle_i32x4(q[8 + c], q[12 + c], 0x88), odd1 = _mm512_shuffle_i32x4(q[8 + c], q[12 + c], 0xdd);
    r[c] = _mm512_shuffle_i32x4(even0, even1, 0x88);
    r[8 + c] = _mm512_shuffle_i32x4(even0, even1, 0xdd);
    r[4 + c] = _mm512_shuffle_i32x4(odd0, odd1, 0x88);
    r[12 + c] = _mm512_shuffle_i32x4(odd0, odd1, 0xdd);
  }
}

// across loads one unit of each of 16 neighbouring rows, n of which are there; second says whether its second half is.
template <bool Half, class T> INLINE512 __m512i across(const T *p, int64_t stride, bool second, int64_t n) {
  __mmask16 there = first(std::max<int64_t>(n, 0));
  if (!Half)
    return _mm512_castps_si512(load(p, there));
  __m512i low = narrow(p, there);
  return second ? _mm512_or_si512(low, _mm512_slli_epi32(narrow(p + stride, there), 16)) : low;
}

// pack_panel copies n columns of b to a panel [unit][columns], with zeros for those that are not there.
template <class T, bool Half> AVX512 void pack_panel(const T *from, Operand b, int n, int64_t depth, int32_t *to) {
  constexpr int per = Half ? 2 : 1;
  int64_t all = units(depth, Half);
  for (int r = 0; r < columns; r += 16) {
    if (b.depth != 1) {
      for (int64_t u = 0; u < all; u++)
        _mm512_store_si512(to + u * columns + r, across<Half>(from + u * per * b.depth + r, b.depth, (u + 1) * per <= depth, n - r));
      continue;
    }
    for (int64_t u = 0; u < all; u += 16) {
      __m512i square[16];
#pragma GCC unroll 16
      for (int i = 0; i < 16; i++)
        square[i] = r + i < n ? along<Half>(from + (r + i) * b.row + u * per, depth - u * per) : _mm512_setzero_si512();
      transpose(square);
      int64_t last = std::min<int64_t>(16, all - u);
      for (int64_t i = 0; i < last; i++)
        _mm512_store_si512(to + (u + i) * columns + r, square[i]);
    }
  }
}

// copy_rows copies n rows of a to [row][unit], in the type of the products.
template <class T, bool Half> AVX512 void copy_rows(const T *from, Operand a, int64_t n, int64_t depth, int32_t *to) {
  constexpr int per = Half ? 2 : 1;
  int64_t all = units(depth, Half);
  if (a.depth == 1) {
    for (int64_t i = 0; i < n; i++)
      for (int64_t u = 0; u < all; u += 16)
        _mm512_mask_storeu_epi32(to + i * all + u, first(all - u), along<Half>(from + i * a.row + u * per, depth - u * per));
    return;
  }
  for (int64_t u = 0; u < all; u += 16)
    for (int64_t i = 0; i < n; i += 16) {
      __m512i square[16];
#pragma GCC unroll 16
      for (int v = 0; v < 16; v++)
        square[v] = u + v < all ? across<Half>(from + (u + v) * per * a.depth + i, a.depth, (u + v + 1) * per <= depth, n - i) : _mm512_setzero_si512();
      transpose(square);
      int64_t last = std::min<int64_t>(16, n - i);
      for (int64_t r = 0; r < last; r++)
        _mm512_mask_storeu_epi32(to + (i + r) * all + u, first(all - u), square[r]);
    }
}

// typed calls body with x's data and whether products are of bfloat16, as types.
template <class F> void typed(Operand x, bool half, F body) {
  auto with = [&](auto *from) {
    if (half)
      body(from, std::true_type());
    else
      body(from, std::false_type());
  };
  if (x.half)
    with(static_cast<const bf16 *>(x.data));
  else
    with(static_cast<const float *>(x.data));
}

INLINE512 void finish(__m512 v, __mmask16 there, Result to, int64_t i, int64_t j) {
  if (to.bias)
    v = _mm512_add_ps(v, load(to.bias + j, there));
  if (to.half) {
    auto p = static_cast<bf16 *>(to.data) + i * to.row + j;
    store(p, there, to.add ? _mm512_add_ps(v, load(p, there)) : v);
  } else {
    auto p = static_cast<float *>(to.data) + i * to.row + j;
    store(p, there, to.add ? _mm512_add_ps(v, load(p, there)) : v);
  }
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

Operand at(Operand x, int64_t i, int64_t k) {
  x.data = static_cast<const char *>(x.data) + (i * x.row + k * x.depth) * (x.half ? 2 : 4);
  return x;
}

int64_t ceil(int64_t n, int64_t d) { return (n + d - 1) / d; }

// as_it_is says whether the innermost loop can read a where it lies.
bool as_it_is(Operand a, int64_t depth, bool half) { return a.depth == 1 && a.half == half && !(half && (depth % 2 || a.row % 2)); }

// block multiplies on one thread, where sums have at most longest units.
void block(int64_t m, int64_t n, int64_t depth, Operand a, Operand b, Result c, bool half) {
  int64_t all = units(depth, half), most = m, stride = all;
  bool copy = !as_it_is(a, depth, half);
  if (copy)
    most = std::max<int64_t>(1, block_bytes / 4 / all / rows) * rows;
  else
    stride = half ? a.row / 2 : a.row;
  int32_t *right = panel.get(all * columns);
  for (int64_t i0 = 0; i0 < m; i0 += most) {
    int64_t mi = std::min(most, m - i0);
    Operand part = at(a, i0, 0);
    const int32_t *left = static_cast<const int32_t *>(part.data);
    if (copy) {
      int32_t *to = copied.get(mi * all);
      typed(part, half, [&](auto *from, auto h) { copy_rows<std::decay_t<decltype(*from)>, h.value>(from, a, mi, depth, to); });
      left = to;
    }
    for (int64_t j = 0; j < n; j += columns) {
      int nj = std::min<int64_t>(columns, n - j);
      typed(at(b, j, 0), half, [&](auto *from, auto h) { pack_panel<std::decay_t<decltype(*from)>, h.value>(from, b, nj, depth, right); });
      for (int64_t i = 0; i < mi; i += rows) {
        int height = std::min<int64_t>(rows, mi - i);
        Result to = at(c, i0 + i, j);
        half ? tile<true>(all, left + i * stride, stride, right, height, nj, to) : tile<false>(all, left + i * stride, stride, right, height, nj, to);
      }
    }
  }
}

// part multiplies on one thread. Sums longer than a block are added up in float32: in the result itself where it is that.
void part(int64_t m, int64_t n, int64_t depth, Operand a, Operand b, Result c, bool half) {
  int64_t step = longest * (half ? 2 : 1);
  if (depth <= step)
    return block(m, n, depth, a, b, c, half);
  Result total = c;
  if (c.half)
    total = {sums.get(m * n), n, false};
  for (int64_t k = 0; k < depth; k += step) {
    block(m, n, std::min(step, depth - k), at(a, 0, k), at(b, 0, k), total, half);
    total.add = true;
    total.bias = nullptr;
  }
  if (!c.half)
    return;
  [&]() AVX512 {
    for (int64_t i = 0; i < m; i++)
      for (int64_t j = 0; j < n; j += 16)
        finish(load(static_cast<float *>(total.data) + i * n + j, first(n - j)), first(n - j), c, i, j);
  }();
}

// Grid is how threads share the result: across by down.
struct Grid {
  int64_t down, across, height, width; // parts, and the size of each
};

// divide finds the parts that cost least: each thread copies its own factors.
Grid divide(int64_t m, int64_t n, bool copy, int64_t threads) {
  Grid best{};
  for (int64_t down = 1; down <= threads; down++) {
    if (threads % down)
      continue;
    int64_t across = threads / down;
    Grid g{down, across, ceil(ceil(m, down), rows) * rows, ceil(ceil(n, across), columns) * columns};
    // Copying an element takes as long as about 16 terms of sums.
    auto cost = [&](const Grid &g) { return g.height * g.width + 16 * (g.width + (copy ? g.height : 0)); };
    if (!best.down || cost(g) < cost(best))
      best = g;
  }
  return best;
}

} // namespace

void multiply(int64_t m, int64_t n, int64_t depth, Operand a, Operand b, Result c, bool half) {
  if (at::in_parallel_region() || at::get_num_threads() == 1)
    return part(m, n, depth, a, b, c, half);
  Grid g = divide(m, n, !as_it_is(a, depth, half), at::get_num_threads());
  at::parallel_for(0, g.down * g.across, 1, [&](int64_t from, int64_t to) {
    for (int64_t t = from; t < to; t++) {
      int64_t i = t / g.across * g.height, j = t % g.across * g.width;
      if (i < m && j < n)
        part(std::min(g.height, m - i), std::min(g.width, n - j), depth, at(a, i, 0), at(b, j, 0), at(c, i, j), half);
    }
  });
}

} // namespace gemm
