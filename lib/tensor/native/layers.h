// Norms and feed-forward blocks over rows in memory.
#pragma once

#include "panel.h"

PL_AVX512_BEGIN

namespace layers {

using lanes::Lanes;

// rms_norm scales n values by the inverse root of their mean square, by weight and by scale.
template <class T> void rms_norm(const float *x, const float *weight, T *out, int64_t n, float epsilon, float scale = 1) {
  Lanes squares = lanes::all(0);
  lanes::each(n, [&](int64_t j, __mmask16 k) { squares = _mm512_fmadd_ps(lanes::load(x + j, k), lanes::load(x + j, k), squares); });
  Lanes factor = lanes::all(scale / std::sqrt(lanes::sum(squares) / static_cast<float>(n) + epsilon));
  lanes::each(n, [&](int64_t j, __mmask16 k) {
    lanes::store(out + j, _mm512_mul_ps(_mm512_mul_ps(lanes::load(x + j, k), factor), lanes::load(weight + j, k)), k);
  });
}

// layer_norm brings n values to mean 0 and variance 1, then scales by weight and shifts by bias, in place, with a copy in out.
template <class T> void layer_norm(float *x, const float *weight, const float *bias, T *out, int64_t n, float epsilon) {
  Lanes total = lanes::all(0), squares = lanes::all(0);
  lanes::each(n, [&](int64_t j, __mmask16 k) { total = _mm512_add_ps(total, lanes::load(x + j, k)); });
  Lanes mean = lanes::all(lanes::sum(total) / static_cast<float>(n));
  lanes::each(n, [&](int64_t j, __mmask16 k) {
    Lanes off = _mm512_maskz_sub_ps(k, lanes::load(x + j, k), mean);
    squares = _mm512_fmadd_ps(off, off, squares);
  });
  Lanes factor = lanes::all(1 / std::sqrt(lanes::sum(squares) / static_cast<float>(n) + epsilon));
  lanes::each(n, [&](int64_t j, __mmask16 k) {
    Lanes even = _mm512_mul_ps(_mm512_sub_ps(lanes::load(x + j, k), mean), factor);
    Lanes y = _mm512_fmadd_ps(even, lanes::load(weight + j, k), lanes::load(bias + j, k));
    lanes::store(x + j, y, k);
    lanes::store(out + j, y, k);
  });
}

// feed_t5 computes the hidden layer of T5's block: GELU(x gate) times x up, or ReLU(x up) where gate has no columns.
template <class T>
void feed_t5(const T *x, int64_t stride, Span rows, const panel::Panels<T> &gate, const panel::Panels<T> &up, Span panels, T *hidden,
             int64_t hidden_stride) {
  if (gate.columns == 0) {
    panel::product(x, stride, rows, up, panels, [=](int64_t row, int64_t at, const float *p, int64_t n) {
      T *to = hidden + row * hidden_stride + at;
      lanes::each(n, [&](int64_t j, __mmask16 k) { lanes::store(to + j, _mm512_max_ps(lanes::load(p + j), lanes::all(0)), k); });
    });
    return;
  }
  panel::products(x, stride, rows, gate, up, panels, [=](int64_t row, int64_t at, const float *g, const float *u, int64_t n) {
    T *to = hidden + row * hidden_stride + at;
    lanes::each(n, [&](int64_t j, __mmask16 k) {
      lanes::store(to + j, _mm512_mul_ps(lanes::gelu_tanh(lanes::load(g + j)), lanes::load(u + j)), k);
    });
  });
}

// feed_bert computes the hidden layer of BERT's block: GELU(x up + bias).
template <class T>
void feed_bert(const T *x, int64_t stride, Span rows, const panel::Panels<T> &up, const float *bias, Span panels, T *hidden, int64_t hidden_stride) {
  panel::product(x, stride, rows, up, panels, [=](int64_t row, int64_t at, const float *p, int64_t n) {
    T *to = hidden + row * hidden_stride + at;
    lanes::each(n, [&](int64_t j, __mmask16 k) {
      lanes::store(to + j, lanes::gelu(_mm512_add_ps(lanes::load(p + j), lanes::load(bias + at + j, k))), k);
    });
  });
}

// store_biased writes n products, with a bias where there is one.
template <class T> void store_biased(T *to, const float *p, const float *bias, int64_t n) {
  lanes::each(n, [&](int64_t j, __mmask16 k) {
    lanes::store(to + j, bias ? _mm512_add_ps(lanes::load(p + j), lanes::load(bias + j, k)) : lanes::load(p + j), k);
  });
}

} // namespace layers

PL_AVX512_END
