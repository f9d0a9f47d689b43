// A transformer's feed-forward block. Between the passes it keeps what its first layers gave; the activation is computed again.

#include "columns.h"
#include "dropout.h"
#include "operation.h"

namespace {

// Each activation gives its value and its slope at x.
struct ReLU {
  INLINE512 void operator()(__m512 x, __m512 &value, __m512 &slope) const {
    __mmask16 above = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ);
    value = _mm512_maskz_mov_ps(above, x);
    slope = _mm512_maskz_mov_ps(above, _mm512_set1_ps(1));
  }
};

// x Φ(x), Φ the normal distribution's (Abramowitz and Stegun 7.1.26, off by 7.5e-8 at most).
struct GELU {
  INLINE512 void operator()(__m512 x, __m512 &value, __m512 &slope) const {
    const __m512 one = _mm512_set1_ps(1);
    __m512 z = _mm512_mul_ps(_mm512_abs_ps(x), _mm512_set1_ps(0.70710678f));
    __m512 t = _mm512_div_ps(one, _mm512_fmadd_ps(z, _mm512_set1_ps(0.3275911f), one));
    __m512 p = _mm512_set1_ps(1.061405429f);
    for (float c : {-1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f})
      p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(c));
    __m512 density = lanes::exp(_mm512_mul_ps(_mm512_mul_ps(x, x), _mm512_set1_ps(-0.5f)));
    __m512 tail = _mm512_mul_ps(_mm512_mul_ps(_mm512_mul_ps(p, t), density), _mm512_set1_ps(0.5f));
    __mmask16 negative = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_LT_OQ);
    __m512 phi = _mm512_mask_mov_ps(_mm512_sub_ps(one, tail), negative, tail);
    value = _mm512_mul_ps(x, phi);
    slope = _mm512_fmadd_ps(_mm512_mul_ps(x, density), _mm512_set1_ps(0.39894228f), phi);
  }
};

// x times the logistic function of 2u, u = sqrt(2/pi) (x + 0.044715 x^3), which is 0.5 x (1 + tanh u).
struct GELUTanh {
  INLINE512 void operator()(__m512 x, __m512 &value, __m512 &slope) const {
    const __m512 one = _mm512_set1_ps(1), a = _mm512_set1_ps(2 * 0.7978845608f), b = _mm512_set1_ps(2 * 0.7978845608f * 0.044715f);
    __m512 square = _mm512_mul_ps(x, x);
    __m512 twice = _mm512_mul_ps(x, _mm512_fmadd_ps(square, b, a));
    __m512 s = _mm512_div_ps(one, _mm512_add_ps(one, lanes::exp(_mm512_sub_ps(_mm512_setzero_ps(), twice))));
    value = _mm512_mul_ps(x, s);
    __m512 change = _mm512_fmadd_ps(square, _mm512_mul_ps(b, _mm512_set1_ps(3)), a);
    slope = _mm512_fmadd_ps(_mm512_mul_ps(value, _mm512_sub_ps(one, s)), change, s);
  }
};

// Rows of width elements: what the activation takes, and what it is multiplied with, null for none.
template <class T, class Activation> struct Hidden {
  const T *in, *factor;
  int64_t width;
  Dropout dropout;

  AVX512 void forward(int64_t i, T *out) const {
    DropoutRow drop(dropout, i);
    for (int64_t j = 0; j < width; j += lanes::width) {
      __mmask16 m = first(width - j);
      int64_t at = i * width + j;
      __m512 value, slope;
      Activation()(load(in + at, m), value, slope);
      if (factor)
        value = _mm512_mul_ps(value, load(factor + at, m));
      store(out + at, drop.apply(value, j), m);
    }
  }

  // backward turns the gradient of the result into that of in, and writes the result and the gradient of the factor.
  AVX512 void backward(int64_t i, T *gradient, T *out, T *dfactor) const {
    DropoutRow drop(dropout, i);
    for (int64_t j = 0; j < width; j += lanes::width) {
      __mmask16 m = first(width - j);
      int64_t at = i * width + j;
      __m512 value, slope, g = drop.apply(load(gradient + at, m), j);
      Activation()(load(in + at, m), value, slope);
      if (factor) {
        __m512 f = load(factor + at, m);
        store(dfactor + at, _mm512_mul_ps(g, value), m);
        value = _mm512_mul_ps(value, f);
        slope = _mm512_mul_ps(slope, f);
      }
      store(out + at, drop.apply(value, j), m);
      store(gradient + at, _mm512_mul_ps(g, slope), m);
    }
  }
};

// hidden calls body with the Hidden of an activation.
template <class F> void hidden(int activation, const Tensor &in, const Tensor &factor, Dropout dropout, F body) {
  typed(in, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    auto with = [&](auto a) {
      Hidden<T, decltype(a)> h{data<T>(in), data<T>(factor), in.size(-1), dropout};
      parallel::ranges(rows(in), 8, [&](int64_t i, int64_t end) {
        for (; i < end; i++)
          body(h, type, i);
      });
    };
    switch (activation) {
    case PL_RELU:
      return with(ReLU());
    case PL_GELU:
      return with(GELU());
    case PL_GELU_TANH:
      return with(GELUTanh());
    }
    TORCH_CHECK(false, "no activation has the number ", activation);
  });
}

const float *floats(const Optional &t) { return t ? t->data_ptr<float>() : nullptr; }

struct FeedForward : Function<FeedForward> {
  static Tensor forward(AutogradContext *ctx, const Tensor &x, const Optional &gate, const Tensor &up, const Optional &up_bias, const Tensor &down,
                        const Optional &down_bias, int64_t activation, double p) {
    Tensor from = x.contiguous();
    auto options = x.options().dtype(compute(x));
    Tensor raised = at::empty(with_width(x, up.size(0)), options), gated, inner = at::empty_like(raised), y = at::empty(with_width(x, down.size(0)), options);
    forward_product(raised, from, up, floats(up_bias), half(y));
    if (gate) {
      gated = at::empty_like(raised);
      forward_product(gated, from, *gate, nullptr, half(y));
    }
    Dropout dropout = Dropout::draw(p);
    hidden(activation, gate ? gated : raised, gate ? raised : Tensor(), dropout, [&](const auto &h, auto *type, int64_t i) {
      h.forward(i, data<std::remove_pointer_t<decltype(type)>>(inner));
    });
    forward_product(y, inner, down, floats(down_bias), half(y));
    ctx->save_for_backward({from, gate.value_or(Tensor()), up, up_bias.value_or(Tensor()), down, down_bias.value_or(Tensor()), raised, gated});
    ctx->saved_data["activation"] = activation;
    ctx->saved_data["p"] = p;
    ctx->saved_data["seed"] = int64_t(dropout.seed);
    return y;
  }

  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &gate = saved[1], &up = saved[2], &up_bias = saved[3], &down = saved[4], &down_bias = saved[5];
    const Tensor &raised = saved[6], &gated = saved[7];
    Tensor dy = gradients[0].contiguous(), dinner = at::empty_like(raised), inner = at::empty_like(raised), draised, dx;
    bool in_half = half(dy);
    Gradient dgate(gate), dup(up), dup_bias(up_bias), ddown(down), ddown_bias(down_bias);
    input_gradient(into(dinner), dy, down, in_half);
    if (gate.defined())
      draised = at::empty_like(raised);
    Dropout dropout{ctx->saved_data["p"].toDouble(), uint64_t(ctx->saved_data["seed"].toInt())};
    hidden(ctx->saved_data["activation"].toInt(), gate.defined() ? gated : raised, gate.defined() ? raised : Tensor(), dropout,
           [&](const auto &h, auto *type, int64_t i) {
             using T = std::remove_pointer_t<decltype(type)>;
             h.backward(i, data<T>(dinner), data<T>(inner), data<T>(draised));
           });
    const Tensor &dgated = dinner; // of what the activation took
    if (!gate.defined())
      draised = dinner;
    if (ddown.wanted())
      weight_gradient(ddown.data(), dy, inner, in_half);
    if (ddown_bias.wanted())
      add_columns(ddown_bias.data(), dy);
    if (dup.wanted())
      weight_gradient(dup.data(), draised, x, in_half);
    if (dup_bias.wanted())
      add_columns(dup_bias.data(), draised);
    if (dgate.wanted())
      weight_gradient(dgate.data(), dgated, x, in_half);
    if (ctx->needs_input_grad(0)) {
      dx = at::empty(x.sizes(), x.options());
      input_gradient(into(dx), draised, up, in_half);
      if (gate.defined())
        input_gradient(onto(dx), dgated, gate, in_half);
    }
    return {dx, dgate.for_autograd(), dup.for_autograd(), dup_bias.for_autograd(), ddown.for_autograd(), ddown_bias.for_autograd(), Tensor(), Tensor()};
  }
};

} // namespace

char *pl_feed_forward(pl_tensor *out, pl_tensor x, pl_tensor gate, pl_tensor up, pl_tensor up_bias, pl_tensor down, pl_tensor down_bias, int activation, double p) {
  return guarded([&] {
    check(of(x), "the input");
    TORCH_CHECK(of(up).dim() == 2 && of(down).dim() == 2 && of(x).dim() >= 1 && of(x).numel() > 0, "weights of two dimensions and an input with rows are wanted");
    int64_t width = of(x).size(-1), inner = of(up).size(0);
    check_parameter(of(up), {inner, width}, "the first weight");
    if (gate)
      check_parameter(of(gate), {inner, width}, "the gate's weight");
    check_parameter(of(down), {of(down).size(0), inner}, "the last weight");
    if (up_bias)
      check_parameter(of(up_bias), {inner}, "the first bias");
    if (down_bias)
      check_parameter(of(down_bias), {of(down).size(0)}, "the last bias");
    *out = handle(FeedForward::apply(of(x), optional(gate), of(up), optional(up_bias), of(down), optional(down_bias), activation, p));
  });
}
