// One token of a T5 decoder for all rows. The members of a team go through the phases together, each with its share, and wait
// after each for what the next one reads.
#pragma once

#include "decode.h"
#include "guarded.h"
#include "layers.h"
#include "rows.h"

#include <vector>

PL_AVX512_BEGIN

namespace decode {

using lanes::Lanes;
using panel::Panels;

// Layer is a pl_decoder_layer's memory.
template <class T> struct Layer {
  const float *self_norm, *cross_norm, *feed_norm;
  Panels<T> self_in, self_out, cross_in, cross_out, gate, up, down;
  T *past_keys, *past_values;
  const T *cross_keys, *cross_values;

  Layer(const pl_decoder_layer &l, int64_t width, int64_t inner, int64_t hidden)
      : self_norm(of(l.self_norm).data_ptr<float>()), cross_norm(of(l.cross_norm).data_ptr<float>()), feed_norm(of(l.feed_norm).data_ptr<float>()),
        self_in(packed<T>(of(l.self_in), 3 * inner, width)), self_out(packed<T>(of(l.self_out), width, inner)),
        cross_in(packed<T>(of(l.cross_in), inner, width)), cross_out(packed<T>(of(l.cross_out), width, inner)), gate{nullptr, 0, 0},
        up(packed<T>(of(l.up), hidden, width)), down(packed<T>(of(l.down), width, hidden)), past_keys(of(l.past_keys).data_ptr<T>()),
        past_values(of(l.past_values).data_ptr<T>()), cross_keys(of(l.cross_keys).data_ptr<T>()), cross_values(of(l.cross_values).data_ptr<T>()) {
    if (l.gate)
      gate = packed<T>(of(l.gate), hidden, width);
  }
};

// Asked is what a step is to read: a token a row, at a position, with a past.
struct Asked {
  const int64_t *lengths, *tokens;
  const int32_t *ancestors;
  int64_t position;
};

template <class T> class Step {
  const pl_decoder &d;
  Asked in;
  int64_t rows, width, inner, vocabulary, room; // room: for the scores of one row with a text's tokens
  std::vector<Layer<T>> layers;
  Panels<T> head;
  Rows<float> x; // the residual stream
  Rows<T> normed, queries /* with keys and values */, mixed, hidden;
  Rows<float> scores; // a member's own
  Rows<T> weights;

public:
  Rows<float> logits;

  Step(const pl_decoder &d, const pl_decoder_layer *from, int64_t count, Asked in)
      : d(d), in(in), rows(d.texts * d.beams), width(of(d.embedding).size(1)), inner(d.heads * d.head_size), vocabulary(of(d.embedding).size(0)),
        room(panel::rounded(*std::max_element(in.lengths, in.lengths + d.texts), lanes::width)), head(packed<T>(of(d.head), vocabulary, width)),
        x(rows, width), normed(rows, width), queries(rows, 3 * inner), mixed(rows, inner), hidden(rows, d.hidden),
        scores(at::get_num_threads(), std::max(d.beams * room, in.position + 1)), weights(at::get_num_threads(), d.beams * room),
        logits(rows, vocabulary) {
    for (int64_t row = 0; row < rows; row++)
      TORCH_CHECK(in.tokens[row] >= 0 && in.tokens[row] < vocabulary, "token ", in.tokens[row], " is not in a vocabulary of ", vocabulary);
    for (int64_t i = 0; i < count; i++)
      layers.emplace_back(from[i], width, inner, d.hidden);
  }

  void run(Member &me) {
    embed(me);
    for (const Layer<T> &l : layers) {
      norm(me, l.self_norm, 1);
      project(me, l.self_in, normed, queries);
      attend_past(me, l);
      add(me, l.self_out, mixed);
      norm(me, l.cross_norm, 1);
      project(me, l.cross_in, normed, queries);
      attend_text(me, l);
      add(me, l.cross_out, mixed);
      norm(me, l.feed_norm, 1);
      layers::feed_t5(normed.data, normed.stride, {0, rows}, l.gate, l.up, me.share(l.up.count()), hidden.data, hidden.stride);
      me.wait();
      add(me, l.down, hidden);
    }
    norm(me, of(d.norm).template data_ptr<float>(), static_cast<float>(d.scale));
    project(me, head, normed, logits);
  }

private:
  // embed needs no wait: the norm after it reads the member's own rows.
  void embed(Member &me) {
    Span own = me.share(rows);
    const float *embedding = of(d.embedding).template data_ptr<float>();
    for (int64_t row = own.from; row < own.to; row++)
      std::copy_n(embedding + in.tokens[row] * width, width, x[row]);
  }

  void norm(Member &me, const float *weight, float scale) {
    Span own = me.share(rows);
    for (int64_t row = own.from; row < own.to; row++)
      layers::rms_norm(x[row], weight, normed[row], width, static_cast<float>(d.epsilon), scale);
    me.wait();
  }

  template <class Out> void project(Member &me, const Panels<T> &w, const Rows<T> &from, const Rows<Out> &to) {
    panel::product(from.data, from.stride, {0, rows}, w, me.share(w.count()), [&](int64_t row, int64_t at, const float *p, int64_t n) {
      lanes::each(n, [&](int64_t j, __mmask16 k) { lanes::store(to[row] + at + j, lanes::load(p + j), k); });
    });
    me.wait();
  }

  // add lets a product join the residual stream.
  void add(Member &me, const Panels<T> &w, const Rows<T> &from) {
    panel::product(from.data, from.stride, {0, rows}, w, me.share(w.count()), [&](int64_t row, int64_t at, const float *p, int64_t n) {
      float *to = x[row] + at;
      lanes::each(n, [&](int64_t j, __mmask16 k) { lanes::store(to + j, _mm512_add_ps(lanes::load(to + j, k), lanes::load(p + j)), k); });
    });
    me.wait();
  }

  // attend_past writes a row's newest key and value behind its beam's others and lets the row look at its ancestors'.
  void attend_past(Member &me, const Layer<T> &l) {
    Span own = me.share(rows * d.heads);
    for (int64_t task = own.from; task < own.to; task++) {
      int64_t beam = task % d.beams, head = task / d.beams % d.heads, text = task / d.beams / d.heads, row = text * d.beams + beam;
      int64_t past = (text * d.heads + head) * d.limit * d.beams * d.head_size, newest = (in.position * d.beams + beam) * d.head_size;
      T *keys = l.past_keys + past, *values = l.past_values + past;
      const T *query = queries[row] + head * d.head_size;
      std::copy_n(query + inner, d.head_size, keys + newest);
      std::copy_n(query + 2 * inner, d.head_size, values + newest);
      const int32_t *line = in.ancestors + row * (in.position + 1);
      const float *distances = of(d.distances).template data_ptr<float>() + head * d.limit;
      float *score = scores[me.thread];
      for (int64_t at = 0; at <= in.position; at++)
        score[at] = dot(query, keys + (at * d.beams + line[at]) * d.head_size) + distances[in.position - at];
      float total = lanes::softmax(score, score, in.position + 1);
      mix(score, 1 / total, values, line, mixed[row] + head * d.head_size);
    }
    me.wait();
  }

  float dot(const T *a, const T *b) {
    Lanes sum = lanes::all(0);
    lanes::each(d.head_size, [&](int64_t j, __mmask16 k) { sum = _mm512_fmadd_ps(lanes::load(a + j, k), lanes::load(b + j, k), sum); });
    return lanes::sum(sum);
  }

  // mix adds up a row's past values by their weights, 64 components at a time.
  void mix(const float *weight, float scale, const T *values, const int32_t *line, T *to) {
    for (int64_t from = 0; from < d.head_size; from += panel::wide) {
      int64_t n = std::min(panel::wide, d.head_size - from);
      Lanes sums[panel::wide / lanes::width];
      lanes::each(n, [&](int64_t j, __mmask16) { sums[j / lanes::width] = lanes::all(0); });
      for (int64_t at = 0; at <= in.position; at++) {
        const T *value = values + (at * d.beams + line[at]) * d.head_size + from;
        lanes::each(n, [&](int64_t j, __mmask16 k) {
          sums[j / lanes::width] = _mm512_fmadd_ps(lanes::all(weight[at]), lanes::load(value + j, k), sums[j / lanes::width]);
        });
      }
      lanes::each(n, [&](int64_t j, __mmask16 k) { lanes::store(to + from + j, _mm512_mul_ps(sums[j / lanes::width], lanes::all(scale)), k); });
    }
  }

  // attend_text lets the beams of a text, which share its keys, look at it together.
  void attend_text(Member &me, const Layer<T> &l) {
    Span own = me.share(d.texts * d.heads);
    float *score = scores[me.thread];
    T *weight = weights[me.thread];
    int64_t key_size = panel::size<T>(room, d.head_size), value_size = panel::size<T>(d.head_size, room);
    for (int64_t task = own.from; task < own.to; task++) {
      int64_t text = task / d.heads, length = in.lengths[text];
      Panels<T> keys{l.cross_keys + task * key_size, length, d.head_size}, values{l.cross_values + task * value_size, d.head_size, length};
      const T *query = queries[text * d.beams] + task % d.heads * d.head_size;
      panel::product(query, queries.stride, {0, d.beams}, keys, {0, keys.count()}, [&](int64_t beam, int64_t at, const float *p, int64_t n) {
        lanes::each(n, [&](int64_t j, __mmask16) { lanes::store(score + beam * room + at + j, lanes::load(p + j)); });
      });
      for (int64_t beam = 0; beam < d.beams; beam++) {
        float total = lanes::softmax(score + beam * room, weight + beam * room, length);
        if (length < room)
          weight[beam * room + length] = 0; // the other half of the last lane
        score[beam * room] = 1 / total;
      }
      T *to = mixed[text * d.beams] + task % d.heads * d.head_size;
      panel::product(weight, room, {0, d.beams}, values, {0, values.count()}, [&](int64_t beam, int64_t at, const float *p, int64_t n) {
        Lanes scale = lanes::all(score[beam * room]);
        lanes::each(n, [&](int64_t j, __mmask16 k) { lanes::store(to + beam * mixed.stride + at + j, _mm512_mul_ps(lanes::load(p + j), scale), k); });
      });
    }
    me.wait();
  }
};

} // namespace decode

PL_AVX512_END
