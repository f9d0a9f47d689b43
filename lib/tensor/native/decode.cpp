#include "decode.h"
#include "decode_step.h"
#include "guarded.h"
#include "kernels.h"

PL_AVX512_BEGIN

namespace {

template <class T>
at::Tensor step(const pl_decoder &d, const pl_decoder_layer *layers, int64_t count, const int64_t *lengths, const int64_t *tokens,
                const int32_t *ancestors, int64_t position) {
  decode::Step<T> step(d, layers, count, {lengths, tokens, ancestors, position});
  together([&](Member &me) { step.run(me); });
  return step.logits.tensor;
}

// cross packs each text's keys and values, a head at a time.
template <class T>
void cross(at::Tensor &keys, at::Tensor &values, const at::Tensor &x, const at::Tensor &weight, const int64_t *lengths, int64_t texts, int64_t heads,
           int64_t size) {
  constexpr auto dtype = c10::CppTypeToScalarType<T>::value;
  int64_t tokens = x.size(0), width = x.size(1), inner = heads * size, room = panel::rounded(*std::max_element(lengths, lengths + texts), lanes::width);
  std::vector<int64_t> starts{0};
  for (int64_t i = 0; i < texts; i++)
    starts.push_back(starts.back() + lengths[i]);
  TORCH_CHECK(starts.back() == tokens, "texts of ", starts.back(), " tokens in all, where ", tokens, " were encoded");
  int64_t key_size = panel::size<T>(room, size), value_size = panel::size<T>(size, room);
  keys = at::empty({texts, heads, key_size}, dtype), values = at::empty({texts, heads, value_size}, dtype);
  Rows<T> in(tokens, width);
  Rows<float> both(tokens, 2 * inner);
  auto w = packed<T>(weight, 2 * inner, width);
  const float *from = x.data_ptr<float>();
  T *k = keys.data_ptr<T>(), *v = values.data_ptr<T>();
  together([&](Member &me) {
    Span own = me.share(tokens);
    for (int64_t row = own.from; row < own.to; row++)
      std::copy_n(from + row * width, width, in[row]);
    panel::product<T>(in[0], in.stride, own, w, {0, w.count()}, [&](int64_t row, int64_t at, const float *p, int64_t n) {
      std::copy_n(p, n, both[row] + at);
    });
    me.wait();
    own = me.share(texts * heads);
    for (int64_t task = own.from; task < own.to; task++) {
      int64_t text = task / heads, length = lengths[text];
      const float *first = both[starts[text]] + task % heads * size;
      auto at = [&](int64_t token, int64_t i) { return first[token * both.stride + i]; };
      T *key = k + task * key_size, *value = v + task * value_size;
      panel::pack(key, length, size, {0, panel::Panels<T>{key, length, size}.count()}, at);
      panel::pack(value, size, length, {0, panel::Panels<T>{value, size, length}.count()}, [&](int64_t i, int64_t token) { return at(token, inner + i); });
    }
  });
}

} // namespace

PL_AVX512_END

char *pl_decoder_cross(pl_tensor *keys, pl_tensor *values, pl_tensor x, pl_tensor weight, const int64_t *lengths, int64_t texts, int64_t heads,
                       int64_t head_size) {
  return guarded([&] {
    at::Tensor k, v, rows = of(x).to(at::kFloat).contiguous();
    for_dtype(of(weight), [&](auto t) { cross<decltype(t)>(k, v, rows, of(weight), lengths, texts, heads, head_size); });
    *keys = new at::Tensor(k);
    *values = new at::Tensor(v);
  });
}

char *pl_decoder_step(pl_tensor *logits, const pl_decoder *d, const pl_decoder_layer *layers, int64_t count, const int64_t *lengths,
                      const int64_t *tokens, const int32_t *ancestors, int64_t position) {
  return guarded([&] {
    for_dtype(of(d->head), [&](auto t) {
      *logits = new at::Tensor(step<decltype(t)>(*d, layers, count, lengths, tokens, ancestors, position));
    });
  });
}
