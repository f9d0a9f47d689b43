// AdamW (Loshchilov and Hutter 2019) as torch.optim.AdamW computes it, in one pass over flat buffers that clears the gradients too.

#include "native.h"
#include "guarded.h"
#include "parallel.h"
#include "simd.h"

#include <c10/core/GradMode.h>

#include <cmath>

namespace {

struct Step {
  double scale, decay, beta2, rate1, rate2, epsilon, step_size, correction;

  explicit Step(const pl_adamw_step &a)
      : scale(a.scale), decay(1 - a.learning_rate * a.weight_decay), beta2(a.beta2), rate1(1 - a.beta1), rate2(1 - a.beta2), epsilon(a.epsilon),
        step_size(a.learning_rate / (1 - std::pow(a.beta1, a.step))), correction(1 / std::sqrt(1 - std::pow(a.beta2, a.step))) {}
};

AVX512 void update(float *p, float *g, float *m, float *v, int64_t n, const Step &s) {
  using lanes::load;
  using lanes::store;
  auto scale = lanes::all(s.scale), decay = lanes::all(s.decay), beta2 = lanes::all(s.beta2), rate1 = lanes::all(s.rate1), rate2 = lanes::all(s.rate2);
  auto epsilon = lanes::all(s.epsilon), step_size = lanes::all(s.step_size), correction = lanes::all(s.correction);
  for (int64_t i = 0; i < n; i += lanes::width) {
    __mmask16 k = lanes::first(n - i);
    __m512 gradient = _mm512_mul_ps(load(g + i, k), scale), moment = load(m + i, k);
    moment = _mm512_fmadd_ps(rate1, _mm512_sub_ps(gradient, moment), moment);
    __m512 square = _mm512_fmadd_ps(beta2, load(v + i, k), _mm512_mul_ps(_mm512_mul_ps(rate2, gradient), gradient));
    __m512 root = _mm512_fmadd_ps(_mm512_sqrt_ps(square), correction, epsilon);
    __m512 change = _mm512_div_ps(_mm512_mul_ps(step_size, moment), root);
    store(g + i, lanes::all(0), k);
    store(m + i, moment, k);
    store(v + i, square, k);
    store(p + i, _mm512_fmsub_ps(load(p + i, k), decay, change), k);
  }
}

// update_by_operations is update by libtorch's operations, with the gradients' memory for what comes between.
void update_by_operations(at::Tensor p, at::Tensor g, at::Tensor m, at::Tensor v, const Step &s) {
  c10::NoGradGuard no_grad;
  g.mul_(s.scale);
  p.mul_(s.decay);
  m.lerp_(g, s.rate1);
  v.mul_(s.beta2).addcmul_(g, g, s.rate2);
  p.addcdiv_(m, at::sqrt_out(g, v).mul_(s.correction).add_(s.epsilon), -s.step_size);
  g.zero_();
}

} // namespace

char *pl_adamw(pl_tensor pp, pl_tensor pg, pl_tensor pm, pl_tensor pv, pl_adamw_step a, int lanes) {
  return guarded([&] {
    at::Tensor &p = of(pp), &g = of(pg), &m = of(pm), &v = of(pv);
    for (const at::Tensor *t : {&p, &g, &m, &v})
      TORCH_CHECK(t->scalar_type() == at::kFloat && t->is_contiguous() && t->numel() == p.numel(),
                  "AdamW wants four contiguous float32 tensors of one length");
    Step step(a);
    if (!lanes)
      return update_by_operations(p, g, m, v, step);
    p.unsafeGetTensorImpl()->bump_version(); // what was derived from the parameters is stale
    float *P = p.data_ptr<float>(), *G = g.data_ptr<float>(), *M = m.data_ptr<float>(), *V = v.data_ptr<float>();
    parallel::ranges(p.numel(), 1 << 14,
                     [&](int64_t from, int64_t to) { update(P + from, G + from, M + from, V + from, to - from, step); });
  });
}
