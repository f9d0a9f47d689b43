// Attention that keeps two numbers a query between forward and backward pass, not its weights over the keys (as Dao et al. 2022,
// "FlashAttention", with whole rows of scores: a block of queries' scores stays in the cache).

#include "dropout.h"
#include "operation.h"

#include <limits>
#include <vector>

namespace {

// Strided is a tensor [batch, heads, length, size] whose last dimension is contiguous, broadcast where a stride is 0.
struct Strided {
  const Tensor *tensor;
  int64_t batch, head, row;

  Strided(const Tensor &t) : tensor(&t) {
    auto stride = [&](int i) { return t.defined() && t.size(i) > 1 ? t.stride(i) : 0; };
    batch = stride(0), head = stride(1), row = stride(2);
  }
  int64_t offset(int64_t b, int64_t h) const { return b * batch + h * head; }
  char *at(int64_t b, int64_t h, int64_t i) const {
    return tensor->defined() ? static_cast<char *>(tensor->data_ptr()) + (offset(b, h) + i * row) * tensor->element_size() : nullptr;
  }
  const float *floats(int64_t b, int64_t h, int64_t i) const { return reinterpret_cast<const float *>(at(b, h, i)); }
  gemm::Operand rows(int64_t b, int64_t h, int64_t i) const { return {at(b, h, i), row, 1, half(*tensor)}; }
  gemm::Operand columns(int64_t b, int64_t h, int64_t i) const { return {at(b, h, i), 1, row, half(*tensor)}; }
  gemm::Result into(int64_t b, int64_t h, int64_t i) const { return {at(b, h, i), row, half(*tensor)}; }
};

// Sizes of an attention.
struct Shape {
  int64_t batch, heads, queries, keys, size;
  // block is the number of queries whose scores are computed at once: half a megabyte of them.
  int64_t block() const { return std::min(queries, std::max<int64_t>(12, (1 << 17) / keys / 12 * 12)); }
};

struct Softmax {
  Shape shape;
  float scale;
  Dropout dropout;

  int64_t number(int64_t b, int64_t h, int64_t i) const { return (b * shape.heads + h) * shape.queries + i; }

  INLINE512 __m512 score(const float *s, const float *bias, const float *mask, int64_t j, __mmask16 m) const {
    __m512 v = _mm512_mul_ps(load(s + j, m), _mm512_set1_ps(scale));
    if (bias)
      v = _mm512_add_ps(v, load(bias + j, m));
    if (mask)
      v = _mm512_add_ps(v, load(mask + j, m));
    return v;
  }

  // weigh turns a row of products into weights, and remembers its maximum and the inverse of its sum.
  AVX512 void weigh(float *s, const float *bias, const float *mask, float *statistics) const {
    __m512 lowest = _mm512_set1_ps(-std::numeric_limits<float>::infinity()), most = lowest, sum = _mm512_setzero_ps();
    for (int64_t j = 0; j < shape.keys; j += lanes::width) {
      __mmask16 m = first(shape.keys - j);
      __m512 v = score(s, bias, mask, j, m);
      store(s + j, v, m);
      most = _mm512_max_ps(most, _mm512_mask_mov_ps(lowest, m, v));
    }
    statistics[0] = _mm512_reduce_max_ps(most);
    most = _mm512_set1_ps(statistics[0]);
    for (int64_t j = 0; j < shape.keys; j += lanes::width) {
      __mmask16 m = first(shape.keys - j);
      __m512 v = lanes::exp(_mm512_sub_ps(load(s + j, m), most));
      store(s + j, v, m);
      sum = _mm512_add_ps(sum, _mm512_maskz_mov_ps(m, v));
    }
    statistics[1] = 1 / _mm512_reduce_add_ps(sum);
  }

  // drop scales a row of weights by the inverse sum, and drops some.
  AVX512 void drop(float *to, const float *from, float inverse, int64_t row) const {
    DropoutRow drop(dropout, row);
    for (int64_t j = 0; j < shape.keys; j += lanes::width) {
      __mmask16 m = first(shape.keys - j);
      store(to + j, drop.apply(_mm512_mul_ps(load(from + j, m), _mm512_set1_ps(inverse)), j), m);
    }
  }

  // weigh_again gives the weights, before dropout, that weigh and its statistics gave.
  AVX512 void weigh_again(float *s, const float *bias, const float *mask, const float *statistics) const {
    for (int64_t j = 0; j < shape.keys; j += lanes::width) {
      __mmask16 m = first(shape.keys - j);
      __m512 v = lanes::exp(_mm512_sub_ps(score(s, bias, mask, j, m), _mm512_set1_ps(statistics[0])));
      store(s + j, _mm512_mul_ps(v, _mm512_set1_ps(statistics[1])), m);
    }
  }

  // scores turns a row's weights and their gradients into the gradients of its scores, which it adds to the bias's. The row that
  // it leaves in s is that of the products.
  AVX512 void scores(float *s, float *g, float *dbias, int64_t row) const {
    DropoutRow drop(dropout, row);
    __m512 sum = _mm512_setzero_ps();
    for (int64_t j = 0; j < shape.keys; j += lanes::width) {
      __mmask16 m = first(shape.keys - j);
      __m512 v = drop.apply(load(g + j, m), j);
      store(g + j, v, m);
      sum = _mm512_fmadd_ps(v, load(s + j, m), sum);
    }
    __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(sum));
    for (int64_t j = 0; j < shape.keys; j += lanes::width) {
      __mmask16 m = first(shape.keys - j);
      __m512 v = _mm512_mul_ps(load(s + j, m), _mm512_sub_ps(load(g + j, m), mean));
      if (dbias)
        store(dbias + j, _mm512_add_ps(load(dbias + j, m), v), m);
      store(s + j, _mm512_mul_ps(v, _mm512_set1_ps(scale)), m);
    }
  }
};

struct Inputs {
  Tensor q, k, v, bias, mask;
  Shape shape() const { return {q.size(0), q.size(1), q.size(2), k.size(2), q.size(3)}; }
};

void forward_head(const Softmax &soft, const Inputs &in, const Tensor &out, float *statistics, int64_t b, int64_t h) {
  Strided q(in.q), k(in.k), v(in.v), bias(in.bias), mask(in.mask), to(out);
  const Shape &shape = soft.shape;
  std::vector<float> scores(shape.block() * shape.keys);
  for (int64_t i0 = 0; i0 < shape.queries; i0 += shape.block()) {
    int64_t n = std::min(shape.block(), shape.queries - i0);
    gemm::multiply(n, shape.keys, shape.size, q.rows(b, h, i0), k.rows(b, h, 0), {scores.data(), shape.keys, false}, half(in.q));
    for (int64_t i = 0; i < n; i++) {
      float *s = scores.data() + i * shape.keys;
      int64_t row = soft.number(b, h, i0 + i);
      soft.weigh(s, bias.floats(b, h, i0 + i), mask.floats(b, h, i0 + i), statistics + 2 * row);
      soft.drop(s, s, statistics[2 * row + 1], row);
    }
    gemm::multiply(n, shape.size, shape.keys, {scores.data(), shape.keys, 1, false}, v.columns(b, h, 0), to.into(b, h, i0), half(in.q));
  }
}

// Gradients of the inputs; those that are not wanted are undefined.
struct Gradients {
  Tensor q, k, v, bias;
};

void backward_head(const Softmax &soft, const Inputs &in, const Tensor &dout, const float *statistics, const Gradients &grads, int64_t b, int64_t h) {
  Strided q(in.q), k(in.k), v(in.v), bias(in.bias), mask(in.mask), d(dout), dq(grads.q), dk(grads.k), dv(grads.v), dbias(grads.bias);
  const Shape &shape = soft.shape;
  bool in_half = half(in.q);
  std::vector<float> weights(shape.block() * shape.keys), other(shape.block() * shape.keys);
  gemm::Operand by_key{weights.data(), 1, shape.keys, false};
  for (int64_t i0 = 0; i0 < shape.queries; i0 += shape.block()) {
    int64_t n = std::min(shape.block(), shape.queries - i0);
    auto onto = [&](const Strided &g) { // the first block overwrites
      gemm::Result to = g.into(b, h, 0);
      to.add = i0 > 0;
      return to;
    };
    gemm::Result products{weights.data(), shape.keys, false};
    gemm::multiply(n, shape.keys, shape.size, q.rows(b, h, i0), k.rows(b, h, 0), products, in_half);
    for (int64_t i = 0; i < n; i++) {
      float *s = weights.data() + i * shape.keys;
      int64_t row = soft.number(b, h, i0 + i);
      soft.weigh_again(s, bias.floats(b, h, i0 + i), mask.floats(b, h, i0 + i), statistics + 2 * row);
      soft.drop(other.data() + i * shape.keys, s, 1, row);
    }
    gemm::multiply(shape.keys, shape.size, n, {other.data(), 1, shape.keys, false}, d.columns(b, h, i0), onto(dv), in_half);
    products.data = other.data();
    gemm::multiply(n, shape.keys, shape.size, d.rows(b, h, i0), v.rows(b, h, 0), products, in_half);
    for (int64_t i = 0; i < n; i++)
      soft.scores(weights.data() + i * shape.keys, other.data() + i * shape.keys, reinterpret_cast<float *>(dbias.at(b, h, i0 + i)),
                  soft.number(b, h, i0 + i));
    gemm::multiply(n, shape.size, shape.keys, {weights.data(), shape.keys, 1, false}, k.columns(b, h, 0), dq.into(b, h, i0), in_half);
    gemm::multiply(shape.keys, shape.size, n, by_key, q.columns(b, h, i0), onto(dk), in_half);
  }
}

// each_head calls body for all batches and heads on all threads; those that share a slice of the bias, whose gradient they add up,
// one after the other on one.
template <class F> void each_head(const Shape &shape, const Tensor &dbias, F body) {
  int64_t batches = dbias.defined() ? dbias.size(0) : shape.batch, heads = dbias.defined() ? dbias.size(1) : shape.heads;
  parallel::each(batches * heads, [&](int64_t slice) {
    for (int64_t b = slice / heads; b < shape.batch; b += batches)
      for (int64_t h = slice % heads; h < shape.heads; h += heads)
        body(b, h);
  });
}

// like returns a new tensor of t's shape [batch, heads, length, size], laid out as [batch, length, heads, size], from where
// the heads' linear layer takes it.
Tensor like(const Tensor &t) { return at::empty({t.size(0), t.size(2), t.size(1), t.size(3)}, t.options()).transpose(1, 2); }

Tensor rows_contiguous(const Tensor &t) { return !t.defined() || t.stride(-1) == 1 ? t : t.contiguous(); }

struct Attention : Function<Attention> {
  static Tensor forward(AutogradContext *ctx, const Tensor &q, const Tensor &k, const Tensor &v, const Optional &bias, const Optional &mask, double scale, double p) {
    Inputs in{rows_contiguous(q), rows_contiguous(k), rows_contiguous(v), bias.value_or(Tensor()), mask.value_or(Tensor())};
    Softmax soft{in.shape(), float(scale), Dropout::draw(p)};
    Tensor out = like(in.q), statistics = at::empty({out.size(0), out.size(1), out.size(2), 2}, out.options().dtype(at::kFloat));
    each_head(soft.shape, Tensor(), [&](int64_t b, int64_t h) { forward_head(soft, in, out, statistics.data_ptr<float>(), b, h); });
    ctx->save_for_backward({in.q, in.k, in.v, in.bias, in.mask, statistics});
    ctx->saved_data["p"] = p;
    ctx->saved_data["seed"] = int64_t(soft.dropout.seed);
    ctx->saved_data["scale"] = scale;
    return out.transpose(1, 2).reshape({q.size(0), q.size(2), q.size(1) * q.size(3)});
  }

  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    Inputs in{saved[0], saved[1], saved[2], saved[3], saved[4]};
    Softmax soft{in.shape(), float(ctx->saved_data["scale"].toDouble()),
                 Dropout{ctx->saved_data["p"].toDouble(), uint64_t(ctx->saved_data["seed"].toInt())}};
    const Shape &shape = soft.shape;
    Tensor dout = gradients[0].contiguous().view({shape.batch, shape.queries, shape.heads, shape.size}).transpose(1, 2);
    Gradients grads{like(in.q), like(in.k), like(in.v), Tensor()};
    if (in.bias.defined() && in.bias.requires_grad())
      grads.bias = at::zeros(in.bias.sizes(), in.bias.options());
    each_head(shape, grads.bias, [&](int64_t b, int64_t h) { backward_head(soft, in, dout, saved[5].data_ptr<float>(), grads, b, h); });
    return {grads.q, grads.k, grads.v, grads.bias, Tensor(), Tensor(), Tensor()};
  }
};

// whole checks what is added to the scores and gives it a contiguous last dimension as long as the keys.
Optional whole(pl_tensor t, const Inputs &in, const char *name) {
  if (!t)
    return c10::nullopt;
  Tensor x = of(t).to(at::kFloat);
  TORCH_CHECK(x.is_cpu() && x.dim() == 4, name, " is ", x.sizes(), ", not of four dimensions on the CPU");
  int64_t full[] = {in.q.size(0), in.q.size(1), in.q.size(2), in.k.size(2)};
  for (int i = 0; i < 4; i++)
    TORCH_CHECK(x.size(i) == full[i] || x.size(i) == 1, name, " is ", x.sizes(), ", which does not broadcast to ", at::IntArrayRef(full, 4));
  return x.expand({x.size(0), x.size(1), x.size(2), full[3]}).contiguous();
}

} // namespace

char *pl_attention(pl_tensor *out, pl_tensor q, pl_tensor k, pl_tensor v, pl_tensor bias, pl_tensor mask, double scale, double p) {
  return guarded([&] {
    Inputs in{of(q), of(k), of(v)};
    for (const Tensor *t : {&in.q, &in.k, &in.v}) {
      check(*t, "an input");
      TORCH_CHECK(t->dim() == 4 && t->numel() > 0, "inputs [batch, heads, length, size] are wanted, not ", t->sizes());
      TORCH_CHECK(t->size(0) == in.q.size(0) && t->size(1) == in.q.size(1) && t->size(3) == in.q.size(3) && t->scalar_type() == in.q.scalar_type(),
                  "queries are ", in.q.toString(), in.q.sizes(), ", keys or values ", t->toString(), t->sizes());
    }
    TORCH_CHECK(in.k.size(2) == in.v.size(2), in.k.size(2), " keys with ", in.v.size(2), " values");
    *out = handle(Attention::apply(in.q, in.k, in.v, whole(bias, in, "the bias"), whole(mask, in, "the mask"), scale, p));
  });
}
