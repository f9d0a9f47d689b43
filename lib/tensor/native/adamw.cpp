// AdamW (Loshchilov and Hutter 2019) as torch.optim.AdamW computes it, in one pass over flat buffers that clears the gradients too.

#include "native.h"
#include "guarded.h"
#include "parallel.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <cmath>

namespace {

struct Step {
  float scale, decay, beta1, beta2, epsilon, step_size, correction;
};

// The compiler vectorises this for each instruction set; the loader picks the machine's.
__attribute__((target_clones("avx512f", "avx2", "default")))
void update(float *p, float *g, float *m, float *v, int64_t n, Step s) {
  for (int64_t i = 0; i < n; i++) {
    float gi = g[i] * s.scale;
    g[i] = 0;
    float mi = m[i] + (1 - s.beta1) * (gi - m[i]);
    float vi = s.beta2 * v[i] + (1 - s.beta2) * gi * gi;
    m[i] = mi;
    v[i] = vi;
    p[i] = p[i] * s.decay - s.step_size * mi / (std::sqrt(vi) * s.correction + s.epsilon);
  }
}

} // namespace

char *pl_adamw(pl_tensor pp, pl_tensor pg, pl_tensor pm, pl_tensor pv, pl_adamw_step a) {
  return guarded([&] {
    at::Tensor &p = of(pp), &g = of(pg), &m = of(pm), &v = of(pv);
    for (const at::Tensor *t : {&p, &g, &m, &v})
      TORCH_CHECK(t->scalar_type() == at::kFloat && t->is_contiguous() && t->numel() == p.numel(),
                  "AdamW wants four contiguous float32 tensors of one length");
    double correction1 = 1 - std::pow(a.beta1, a.step), correction2 = 1 - std::pow(a.beta2, a.step);
    double decay = 1 - a.learning_rate * a.weight_decay, step_size = a.learning_rate / correction1;
    if (!p.is_cpu()) {
      c10::NoGradGuard no_grad;
      at::Tensor scaled = g * a.scale;
      p.mul_(decay);
      m.lerp_(scaled, 1 - a.beta1);
      v.mul_(a.beta2).addcmul_(scaled, scaled, 1 - a.beta2);
      p.addcdiv_(m, (v.sqrt() / std::sqrt(correction2)).add_(a.epsilon), -step_size);
      g.zero_();
      return;
    }
    p.unsafeGetTensorImpl()->bump_version(); // what was derived from the parameters is stale
    Step s{float(a.scale), float(decay), float(a.beta1), float(a.beta2), float(a.epsilon), float(step_size),
           float(1 / std::sqrt(correction2))};
    float *P = p.data_ptr<float>(), *G = g.data_ptr<float>(), *M = m.data_ptr<float>(), *V = v.data_ptr<float>();
    parallel::ranges(p.numel(), 1 << 14,
                     [&](int64_t from, int64_t to) { update(P + from, G + from, M + from, V + from, to - from, s); });
  });
}
