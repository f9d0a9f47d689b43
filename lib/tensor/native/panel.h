// Products with a matrix that is laid out for them beforehand. A matrix w of columns x depth (a linear layer's weight, out x in) is
// cut into panels of 64 columns. Within a panel, what lies at one depth lies together: a row of 64 lanes of 32 bits, a lane for each
// column, with one float or two neighbouring bfloat16 of that column's depth. A product x wT reads a panel from its beginning to its end,
// for up to six rows of x at once, whose 6 x 64 sums stay in registers.
#pragma once

#include "simd.h"
#include "team.h"

#include <algorithm>
#include <type_traits>

PL_AVX512_BEGIN

namespace panel {

using lanes::Half;
using lanes::Lanes;

constexpr int64_t wide = 64, most_rows = 6;

// per_lane is how many values of T one lane holds.
template <class T> constexpr int64_t per_lane = sizeof(float) / sizeof(T);

inline int64_t rounded(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

// even is n rounded up so that rows of T end with a lane. What is beyond n must be zero.
template <class T> int64_t even(int64_t n) { return rounded(n, per_lane<T>); }

template <class T> struct Panels {
  const T *data;
  int64_t columns, depth;

  int64_t units() const { return even<T>(depth) / per_lane<T>; }
  int64_t count() const { return (columns + wide - 1) / wide; }
  // of returns a panel, and its width in lanes: 64, but the last may be narrower.
  const T *of(int64_t panel) const { return data + panel * wide * even<T>(depth); }
  int64_t width(int64_t panel) const { return std::min(wide, rounded(columns - panel * wide, lanes::width)); }
};

// size is the number of values of T in a packed matrix.
template <class T> int64_t size(int64_t columns, int64_t depth) { return rounded(columns, lanes::width) * even<T>(depth); }

// pack lays out panels of a matrix whose values value(column, depth) gives.
template <class T, class Value> void pack(T *out, int64_t columns, int64_t depth, Span panels, Value value) {
  Panels<T> p{out, columns, depth};
  for (int64_t i = panels.from; i < panels.to; i++) {
    T *to = const_cast<T *>(p.of(i));
    int64_t width = p.width(i);
    for (int64_t unit = 0; unit < p.units(); unit++)
      for (int64_t lane = 0; lane < width; lane++)
        for (int64_t half = 0; half < per_lane<T>; half++, to++) {
          int64_t column = i * wide + lane, at = unit * per_lane<T> + half;
          *to = column < columns && at < depth ? T(value(column, at)) : T(0);
        }
  }
}

// pack_rows lays out a matrix whose columns are rows of memory: the keys of an attention. The depth is even.
template <class T> void pack_rows(T *out, const T *w, int64_t stride, int64_t columns, int64_t depth) {
  Panels<T> p{out, columns, depth};
  const __m512i steps = _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                                           _mm512_set1_epi32(static_cast<int>(stride * sizeof(T))));
  for (int64_t i = 0; i < p.count(); i++) {
    auto to = reinterpret_cast<char *>(const_cast<T *>(p.of(i)));
    for (int64_t lane = 0, width = p.width(i); lane < width; lane += lanes::width) {
      int64_t column = i * wide + lane;
      __mmask16 k = lanes::first(columns - column);
      for (int64_t unit = 0; unit < p.units(); unit++) {
        const T *from = w + column * stride + unit * per_lane<T>;
        _mm512_storeu_si512(to + (unit * width + lane) * sizeof(float), _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), k, steps, from, 1));
      }
    }
  }
}

inline __m512i unit(const float *row, const float *, __mmask16 k) { return _mm512_castps_si512(lanes::load(row, k)); }
inline __m512i unit(const Half *row, const Half *next, __mmask16 k) {
  auto widen = [&](const Half *p) { return _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(k, p)); };
  __m512i low = widen(row);
  return next ? _mm512_or_si512(low, _mm512_slli_epi32(widen(next), 16)) : low;
}

// pack_columns lays out a matrix whose depths are rows of memory: the values of an attention.
template <class T> void pack_columns(T *out, const T *w, int64_t stride, int64_t columns, int64_t depth) {
  Panels<T> p{out, columns, depth};
  for (int64_t i = 0; i < p.count(); i++) {
    auto to = reinterpret_cast<char *>(const_cast<T *>(p.of(i)));
    int64_t width = p.width(i);
    for (int64_t at = 0; at < depth; at += per_lane<T>)
      for (int64_t lane = 0; lane < width; lane += lanes::width, to += sizeof(Lanes)) {
        const T *row = w + at * stride + i * wide + lane;
        _mm512_storeu_si512(to, unit(row, at + 1 < depth ? row + stride : nullptr, lanes::first(columns - i * wide - lane)));
      }
  }
}

inline Lanes step(Lanes sum, const float *x, __m512i w) { return _mm512_fmadd_ps(lanes::all(*x), _mm512_castsi512_ps(w), sum); }
inline Lanes step(Lanes sum, const Half *x, __m512i w) {
  int pair;
  std::memcpy(&pair, x, sizeof pair);
  return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(_mm512_set1_epi32(pair)), reinterpret_cast<__m512bh>(w));
}

// tile writes rows x (16 columns) products, rows of 64 apart.
template <class T, int rows, int columns> void tile(const T *x, int64_t stride, const T *w, int64_t units, float *out) {
  // Few rows wait for the memory, and what the processor would ask for by itself comes late; six find the panel in its caches, as
  // those before them have read it.
  constexpr bool waits = rows < most_rows;
  constexpr int64_t ahead = 8192; // bytes
  Lanes sums[rows][columns];
#pragma GCC unroll 6
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
    for (int j = 0; j < columns; j++)
      sums[i][j] = lanes::all(0);
  for (int64_t u = 0; u < units; u++, x += per_lane<T>, w += columns * lanes::width * per_lane<T>) {
    __m512i lane[columns];
#pragma GCC unroll 4
    for (int j = 0; j < columns; j++) {
      auto at = reinterpret_cast<const char *>(w) + j * sizeof(Lanes);
      lane[j] = _mm512_loadu_si512(at);
      if constexpr (waits)
        _mm_prefetch(at + ahead, _MM_HINT_T0);
    }
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
      for (int j = 0; j < columns; j++)
        sums[i][j] = step(sums[i][j], x + i * stride, lane[j]);
  }
#pragma GCC unroll 6
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
    for (int j = 0; j < columns; j++)
      lanes::store(out + i * wide + j * lanes::width, sums[i][j]);
}

template <class T> using Tile = void (*)(const T *x, int64_t stride, const T *w, int64_t units, float *out);

template <class T> Tile<T> tile_of(int64_t rows, int64_t width) {
#define PL_TILES(rows) {tile<T, rows, 1>, tile<T, rows, 2>, tile<T, rows, 3>, tile<T, rows, 4>}
  static constexpr Tile<T> all[most_rows][4] = {PL_TILES(1), PL_TILES(2), PL_TILES(3), PL_TILES(4), PL_TILES(5), PL_TILES(6)};
#undef PL_TILES
  return all[rows - 1][width / lanes::width - 1];
}

// each_tile calls then(first row, how many) for every six rows.
template <class Then> void each_tile(Span rows, Then then) {
  for (int64_t row = rows.from; row < rows.to; row += most_rows)
    then(row, std::min(most_rows, rows.to - row));
}

// product multiplies rows of x, stride apart, by panels of w, and hands each row's products with one panel to
// then(row, first column, products, how many).
template <class T, class Then> void product(const T *x, int64_t stride, Span rows, const Panels<T> &w, Span panels, Then then) {
  alignas(64) float out[most_rows * wide];
  for (int64_t p = panels.from; p < panels.to; p++)
    each_tile(rows, [&](int64_t row, int64_t m) {
      tile_of<T>(m, w.width(p))(x + row * stride, stride, w.of(p), w.units(), out);
      for (int64_t i = 0; i < m; i++)
        then(row + i, p * wide, out + i * wide, std::min(wide, w.columns - p * wide));
    });
}

// products is product with two matrices of one shape: then(row, first column, products with a, with b, how many).
template <class T, class Then>
void products(const T *x, int64_t stride, Span rows, const Panels<T> &a, const Panels<T> &b, Span panels, Then then) {
  alignas(64) float with_a[most_rows * wide], with_b[most_rows * wide];
  for (int64_t p = panels.from; p < panels.to; p++)
    each_tile(rows, [&](int64_t row, int64_t m) {
      tile_of<T>(m, a.width(p))(x + row * stride, stride, a.of(p), a.units(), with_a);
      tile_of<T>(m, b.width(p))(x + row * stride, stride, b.of(p), b.units(), with_b);
      for (int64_t i = 0; i < m; i++)
        then(row + i, p * wide, with_a + i * wide, with_b + i * wide, std::min(wide, a.columns - p * wide));
    });
}

} // namespace panel

PL_AVX512_END
