#include "encode.h"
#include "encode_attention.h"
#include "guarded.h"
#include "kernels.h"
#include "layers.h"

#include <vector>

PL_AVX512_BEGIN

namespace {

using lanes::Lanes;
using panel::Panels;

const float *floats(pl_tensor t) { return t ? of(t).data_ptr<float>() : nullptr; }

struct Norm {
  const float *weight, *bias;
  Norm(const pl_norm &n) : weight(floats(n.weight)), bias(floats(n.bias)) {}
};

template <class T> struct Layer {
  Panels<T> in, out, gate, up, down;
  const float *in_bias, *out_bias, *up_bias, *down_bias;
  Norm after_attention, after_feed;

  Layer(const pl_encoder_layer &l, int64_t width, int64_t inner, int64_t hidden)
      : in(packed<T>(of(l.in), 3 * inner, width)), out(packed<T>(of(l.out), width, inner)), gate{nullptr, 0, 0},
        up(packed<T>(of(l.up), hidden, width)), down(packed<T>(of(l.down), width, hidden)), in_bias(floats(l.in_bias)), out_bias(floats(l.out_bias)),
        up_bias(floats(l.up_bias)), down_bias(floats(l.down_bias)), after_attention(l.after_attention), after_feed(l.after_feed) {
    if (l.gate)
      gate = packed<T>(of(l.gate), hidden, width);
  }
};

// Encoder reads texts. Only attention looks beyond a token. So where there are tokens enough, each member of the team has some for its
// own and computes all else of a layer for a chunk of them at a time, which its cache holds; where there are few, all
// members compute all tokens, each some of the columns of every matrix.
template <class T> class Encoder {
  static constexpr int64_t chunk = 8 * panel::most_rows, few = 24; // tokens a member

  const pl_encoder &e;
  const int64_t *ids, *lengths;
  int64_t texts, tokens, width, inner, longest;
  std::vector<int64_t> starts{0};
  std::vector<Layer<T>> layers;
  bool by_columns;

  Rows<float> x; // the residual stream
  Rows<T> normed, queries /* with keys and values */, mixed, hidden;
  encode::Attention<T> attention;

  static int64_t sum(const int64_t *lengths, int64_t texts) {
    int64_t n = 0;
    for (int64_t i = 0; i < texts; i++)
      n += lengths[i];
    return n;
  }

public:
  Encoder(const pl_encoder &e, const pl_encoder_layer *from, int64_t count, const int64_t *ids, const int64_t *lengths, int64_t texts)
      : e(e), ids(ids), lengths(lengths), texts(texts), tokens(sum(lengths, texts)), width(of(e.words).size(1)), inner(e.heads * e.head_size),
        longest(*std::max_element(lengths, lengths + texts)), by_columns(tokens < few * at::get_num_threads()), x(tokens, width),
        normed(tokens, width), queries(tokens, 3 * inner), mixed(tokens, inner),
        hidden(by_columns ? tokens : chunk * at::get_num_threads(), e.hidden),
        attention(at::get_num_threads(), e.heads, e.head_size, static_cast<float>(e.scale), floats(e.distances), longest) {
    int64_t vocabulary = of(e.words).size(0);
    for (int64_t i = 0; i < tokens; i++)
      TORCH_CHECK(ids[i] >= 0 && ids[i] < vocabulary, "token ", ids[i], " is not in a vocabulary of ", vocabulary);
    TORCH_CHECK(!e.positions || longest <= of(e.positions).size(0), "a text of ", longest, " tokens");
    for (int64_t i = 0; i < texts; i++)
      starts.push_back(starts.back() + lengths[i]);
    for (int64_t i = 0; i < count; i++)
      layers.emplace_back(from[i], width, inner, e.hidden);
  }

  at::Tensor run() {
    together([&](Member &me) {
      each_chunk(me, [&](Span rows) {
        embed(me, rows);
        norm(me, rows, e.first);
        read(me, rows, layers[0]);
      });
      me.wait();
      for (size_t i = 0; i < layers.size(); i++) {
        attend(me);
        me.wait();
        each_chunk(me, [&](Span rows) {
          const Layer<T> &l = layers[i];
          add(me, rows, l.out, l.out_bias, mixed[rows.from], mixed.stride);
          norm(me, rows, l.after_attention);
          T *own = hidden[by_columns ? 0 : me.thread * chunk];
          feed(me, rows, l, own);
          add(me, rows, l.down, l.down_bias, own, hidden.stride);
          if (i + 1 == layers.size())
            return last_norm(me, rows, l.after_feed);
          norm(me, rows, l.after_feed);
          read(me, rows, layers[i + 1]);
        });
        me.wait();
      }
    });
    return x.tensor;
  }

private:
  // each_chunk calls then with the rows that a member computes together.
  template <class Then> void each_chunk(Member &me, Then then) {
    if (by_columns)
      return then({0, tokens});
    Span tiles = me.share((tokens + panel::most_rows - 1) / panel::most_rows);
    int64_t end = std::min(tokens, tiles.to * panel::most_rows);
    for (int64_t from = tiles.from * panel::most_rows; from < end; from += chunk)
      then({from, std::min(from + chunk, end)});
  }

  Span columns(Member &me, const Panels<T> &w) const { return by_columns ? me.share(w.count()) : Span{0, w.count()}; }

  // own is a member's share of the rows of a chunk.
  Span own(Member &me, Span rows) const {
    if (!by_columns)
      return rows;
    return me.share(tokens);
  }

  // done lets the others read what a member computed.
  void done(Member &me) const {
    if (by_columns)
      me.wait();
  }

  // embed needs no wait: the norm after it reads the member's own rows.
  void embed(Member &me, Span rows) {
    rows = own(me, rows);
    const float *words = floats(e.words), *positions = floats(e.positions), *type = floats(e.type);
    int64_t text = std::upper_bound(starts.begin(), starts.end(), rows.from) - starts.begin() - 1;
    for (int64_t row = rows.from; row < rows.to; row++) {
      while (row >= starts[text + 1])
        text++;
      const float *word = words + ids[row] * width;
      if (!positions) {
        std::copy_n(word, width, x[row]);
        continue;
      }
      const float *position = positions + (row - starts[text]) * width;
      lanes::each(width, [&](int64_t j, __mmask16 k) {
        Lanes sum = _mm512_add_ps(_mm512_add_ps(lanes::load(word + j, k), lanes::load(type + j, k)), lanes::load(position + j, k));
        lanes::store(x[row] + j, sum, k);
      });
    }
  }

  void norm(Member &me, Span rows, const Norm &n) {
    rows = own(me, rows);
    for (int64_t row = rows.from; row < rows.to; row++)
      if (n.bias)
        layers::layer_norm(x[row], n.weight, n.bias, normed[row], width, static_cast<float>(e.epsilon));
      else
        layers::rms_norm(x[row], n.weight, normed[row], width, static_cast<float>(e.epsilon));
    done(me);
  }

  // last_norm leaves the result in the residual stream.
  void last_norm(Member &me, Span rows, const Norm &n) {
    if (n.bias)
      return norm(me, rows, n);
    rows = own(me, rows);
    for (int64_t row = rows.from; row < rows.to; row++)
      layers::rms_norm(x[row], n.weight, x[row], width, static_cast<float>(e.epsilon));
  }

  // read computes queries, keys and values.
  void read(Member &me, Span rows, const Layer<T> &l) {
    panel::product(normed.data, normed.stride, rows, l.in, columns(me, l.in), [&](int64_t row, int64_t at, const float *p, int64_t n) {
      layers::store_biased(queries[row] + at, p, l.in_bias ? l.in_bias + at : nullptr, n);
    });
    done(me);
  }

  // attend shares out heads of texts, and parts of long texts where those are too few for all.
  void attend(Member &me) {
    int64_t pairs = texts * e.heads, parts = std::max<int64_t>(1, 2 * me.threads / pairs);
    for (int64_t task = me.next(); task < pairs * parts; task = me.next()) {
      int64_t text = task / parts / e.heads, head = task / parts % e.heads, part = task % parts, start = starts[text], length = lengths[text];
      attention.attend(me.thread, head, queries[start], queries.stride, length, {length * part / parts, length * (part + 1) / parts}, mixed[start],
                       mixed.stride);
    }
  }

  // add lets a product of rows of from, the first of which is the chunk's first, join the residual stream.
  void add(Member &me, Span rows, const Panels<T> &w, const float *bias, const T *from, int64_t stride) {
    panel::product(from, stride, {0, rows.to - rows.from}, w, columns(me, w), [&](int64_t row, int64_t at, const float *p, int64_t n) {
      float *to = x[rows.from + row] + at;
      lanes::each(n, [&](int64_t j, __mmask16 k) {
        Lanes sum = _mm512_add_ps(lanes::load(to + j, k), lanes::load(p + j));
        lanes::store(to + j, bias ? _mm512_add_ps(sum, lanes::load(bias + at + j, k)) : sum, k);
      });
    });
    done(me);
  }

  void feed(Member &me, Span rows, const Layer<T> &l, T *to) {
    Span all{0, rows.to - rows.from};
    if (l.up_bias)
      layers::feed_bert(normed[rows.from], normed.stride, all, l.up, l.up_bias, columns(me, l.up), to, hidden.stride);
    else
      layers::feed_t5(normed[rows.from], normed.stride, all, l.gate, l.up, columns(me, l.up), to, hidden.stride);
    done(me);
  }
};

} // namespace

PL_AVX512_END

char *pl_encode(pl_tensor *hidden, const pl_encoder *e, const pl_encoder_layer *layers, int64_t count, const int64_t *ids, const int64_t *lengths,
                int64_t texts) {
  return guarded([&] {
    for_dtype(of(layers[0].in), [&](auto t) {
      *hidden = new at::Tensor(Encoder<decltype(t)>(*e, layers, count, ids, lengths, texts).run());
    });
  });
}
