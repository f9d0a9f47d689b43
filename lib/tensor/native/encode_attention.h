// Self-attention of whole texts, each on its own length.
#pragma once

#include "rows.h"

PL_AVX512_BEGIN

namespace encode {

using lanes::Lanes;
using panel::Panels;

// Attention is one head's, for texts whose queries, keys and values lie beside one another in rows of 3 x heads x size.
template <class T> class Attention {
  static constexpr int64_t block = 4 * panel::most_rows; // queries whose scores are held at a time

  int64_t heads, size;
  float scale;
  const float *distances; // [heads, 2 longest - 1], or none
  int64_t longest;
  // A member's own: keys and values packed, scores, and their softmax as the second product reads it.
  Rows<T> keys, values;
  Rows<float> scores;
  Rows<T> weights;

  int64_t room() const { return panel::rounded(longest, lanes::width); }

public:
  Attention(int64_t members, int64_t heads, int64_t size, float scale, const float *distances, int64_t longest)
      : heads(heads), size(size), scale(scale), distances(distances), longest(longest), keys(members, panel::size<T>(room(), size)),
        values(members, panel::size<T>(size, room())), scores(members, block * room()), weights(members, block * room()) {}

  // attend lets queries of a text of length rows, which begin at in, look at it all, and writes their rows of out.
  void attend(int member, int64_t head, const T *in, int64_t stride, int64_t length, Span queries, T *out, int64_t out_stride) {
    int64_t inner = heads * size;
    const T *first = in + head * size;
    Panels<T> k{keys[member], length, size}, v{values[member], size, length};
    if (size == panel::even<T>(size))
      panel::pack_rows(keys[member], first + inner, stride, length, size);
    else
      panel::pack(keys[member], length, size, {0, k.count()}, [&](int64_t row, int64_t i) { return first[inner + row * stride + i]; });
    panel::pack_columns(values[member], first + 2 * inner, stride, size, length);
    for (int64_t from = queries.from; from < queries.to; from += block) {
      int64_t n = std::min(block, queries.to - from);
      score(member, head, first + from * stride, stride, from, n, k);
      mix(member, n, v, out + from * out_stride + head * size, out_stride);
    }
  }

private:
  void score(int member, int64_t head, const T *query, int64_t stride, int64_t from, int64_t n, const Panels<T> &k) {
    float *score = scores[member];
    panel::product(query, stride, {0, n}, k, {0, k.count()}, [&](int64_t row, int64_t at, const float *p, int64_t columns) {
      float *to = score + row * room() + at;
      const float *bias = distances ? distances + head * (2 * longest - 1) + longest - 1 - (from + row) + at : nullptr;
      lanes::each(columns, [&](int64_t j, __mmask16 mask) {
        Lanes s = _mm512_mul_ps(lanes::load(p + j), lanes::all(scale));
        lanes::store(to + j, bias ? _mm512_add_ps(s, lanes::load(bias + j, mask)) : s);
      });
    });
  }

  void mix(int member, int64_t n, const Panels<T> &v, T *out, int64_t stride) {
    float *score = scores[member];
    T *weight = weights[member];
    for (int64_t row = 0; row < n; row++) {
      float total = lanes::softmax(score + row * room(), weight + row * room(), v.depth);
      if (v.depth < room())
        weight[row * room() + v.depth] = 0; // the other half of the last lane
      score[row * room()] = 1 / total;
    }
    panel::product(weight, room(), {0, n}, v, {0, v.count()}, [&](int64_t row, int64_t at, const float *p, int64_t columns) {
      Lanes factor = lanes::all(score[row * room()]);
      lanes::each(columns, [&](int64_t j, __mmask16 mask) { lanes::store(out + row * stride + at + j, _mm512_mul_ps(lanes::load(p + j), factor), mask); });
    });
  }
};

} // namespace encode

PL_AVX512_END
