// How the innermost loop of a matrix product reads its factors: rows of a one after the other, and panels of 64 columns of b.
#pragma once

#include "gemm.h"
#include "simd.h"

#include <algorithm>
#include <type_traits>

namespace gemm {
namespace {

using lanes::first;
using lanes::load;
using lanes::store;

constexpr int columns = 64; // of a panel

// Depth is counted in units of 32 bits: one float32 or two bfloat16.
inline int64_t units(int64_t depth, bool half) { return half ? (depth + 1) / 2 : depth; }

inline Operand at(Operand x, int64_t i, int64_t k) {
  x.data = static_cast<const char *>(x.data) + (i * x.row + k * x.depth) * (x.half ? 2 : 4);
  return x;
}

// as_it_is says whether the innermost loop can read a where it lies.
inline bool as_it_is(Operand a, int64_t depth, bool half) { return a.depth == 1 && a.half == half && !(half && (depth % 2 || a.row % 2)); }

// along loads 16 units of one row, from k on; left elements are there.
template <bool Half> INLINE512 __m512i along(const float *p, int64_t left) {
  if (!Half)
    return _mm512_castps_si512(load(p, first(left)));
  return __m512i(_mm512_cvtne2ps_pbh(load(p + 16, first(std::max<int64_t>(left - 16, 0))), load(p, first(left))));
}
template <bool Half> INLINE512 __m512i along(const lanes::Half *p, int64_t left) {
  if (Half)
    return _mm512_maskz_loadu_epi16(left >= 32 ? ~0u : (1u << left) - 1, p);
  return _mm512_castps_si512(load(p, first(left)));
}

// narrow rounds 16 elements to bfloat16, each in the lower half of a unit.
INLINE512 __m512i narrow(const float *p, __mmask16 m) { return _mm512_cvtepu16_epi32(__m256i(_mm512_cvtneps_pbh(load(p, m)))); }
INLINE512 __m512i narrow(const lanes::Half *p, __mmask16 m) { return _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(m, p)); }

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

// ask tells the processor that n elements from p on are read soon; they may lie beyond what there is.
template <class T> inline void ask(const T *p, int64_t n) {
  for (int64_t byte = 0; byte < n * int64_t(sizeof(T)); byte += 64)
    __builtin_prefetch(reinterpret_cast<const char *>(p) + byte);
}

// pack_panel copies n columns of b to a panel [unit][columns], with zeros for those that are not there.
template <class T, bool Half> AVX512 void pack_panel(const T *from, Operand b, int n, int64_t depth, int32_t *to) {
  constexpr int per = Half ? 2 : 1, ahead = 8; // units
  int64_t all = units(depth, Half);
  if (b.depth != 1) {
    // A row of memory at a time: rows may lie a power of two apart, and so in each other's place in the caches.
    for (int64_t u = 0; u < all; u++, to += columns) {
      const T *row = from + u * per * b.depth;
      for (int i = 0; i < per; i++)
        ask(row + (ahead * per + i) * b.depth, columns);
#pragma GCC unroll 4
      for (int r = 0; r < columns; r += 16)
        _mm512_store_si512(to + r, across<Half>(row + r, b.depth, (u + 1) * per <= depth, n - r));
    }
    return;
  }
  for (int r = 0; r < columns; r += 16)
    for (int64_t u = 0; u < all; u += 16) {
      __m512i square[16];
      for (int i = 0; i < 16; i++)
        ask(from + (r + i) * b.row + (u + 16) * per, 16 * per);
#pragma GCC unroll 16
      for (int i = 0; i < 16; i++)
        square[i] = r + i < n ? along<Half>(from + (r + i) * b.row + u * per, depth - u * per) : _mm512_setzero_si512();
      transpose(square);
      int64_t last = std::min<int64_t>(16, all - u);
      for (int64_t i = 0; i < last; i++)
        _mm512_store_si512(to + (u + i) * columns + r, square[i]);
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
  for (int64_t u = 0; u < all; u += 16) {
    for (int v = 0; v < 16 * per; v++)
      ask(from + ((u + 16) * per + v) * a.depth, n);
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
    with(static_cast<const lanes::Half *>(x.data));
  else
    with(static_cast<const float *>(x.data));
}

} // namespace
} // namespace gemm
