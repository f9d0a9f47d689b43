// The L2 norm of a long vector, such as all gradients of a model. Squares of a stretch are added up in float32, stretches in float64, in
// their order: the norm does not depend on the threads.

#include "guarded.h"
#include "parallel.h"
#include "simd.h"

#include <numeric>
#include <vector>

namespace {

AVX512 float squares(const float *x, int64_t n) {
  lanes::Lanes sums[4] = {}; // one would wait for itself
  for (int64_t i = 0; i < n; i += 4 * lanes::width)
#pragma GCC unroll 4
    for (int j = 0; j < 4; j++) {
      int64_t at = i + j * lanes::width;
      auto v = lanes::load(x + at, lanes::first(n - at));
      sums[j] = _mm512_fmadd_ps(v, v, sums[j]);
    }
  return lanes::sum(_mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])));
}

} // namespace

char *pl_l2_norm(pl_tensor *out, pl_tensor t) {
  return guarded([&] {
    TORCH_CHECK(of(t).is_cpu() && of(t).scalar_type() == at::kFloat, "a float32 tensor on the CPU is wanted, not ", of(t).toString());
    at::Tensor x = of(t).detach().contiguous();
    constexpr int64_t stretch = 1 << 14;
    int64_t n = x.numel();
    const float *data = x.data_ptr<float>();
    std::vector<double> sums((n + stretch - 1) / stretch);
    parallel::ranges(sums.size(), 16, [&](int64_t i, int64_t end) {
      for (; i < end; i++)
        sums[i] = squares(data + i * stretch, std::min(stretch, n - i * stretch));
    });
    *out = new at::Tensor(at::full({}, std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0)), x.options()));
  });
}
