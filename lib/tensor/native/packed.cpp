#include "packed.h"
#include "guarded.h"
#include "kernels.h"
#include "panel.h"

#include <ATen/autocast_mode.h>

#include <vector>

int pl_kernels(void) { return kernels(); }

int pl_autocast_dtype(int device) {
  namespace ac = at::autocast;
  if (device < 0)
    return ac::is_cpu_enabled() ? static_cast<int>(ac::get_autocast_cpu_dtype()) : -1;
  return ac::is_enabled() ? static_cast<int>(ac::get_autocast_gpu_dtype()) : -1;
}

char *pl_version(pl_tensor t, int64_t *out) {
  return guarded([&] { *out = of(t)._version(); });
}

PL_AVX512_BEGIN

namespace {

template <class T> void pack(at::Tensor &out, const at::Tensor &w) {
  int64_t columns = w.size(0), depth = w.size(1);
  const float *from = w.data_ptr<float>();
  T *to = out.data_ptr<T>();
  together([=](Member &me) {
    panel::pack<T>(to, columns, depth, me.share(panel::Panels<T>{to, columns, depth}.count()),
                   [=](int64_t column, int64_t at) { return from[column * depth + at]; });
  });
}

} // namespace

PL_AVX512_END

char *pl_pack(pl_tensor *out, const pl_tensor *matrices, int64_t count, int dtype) {
  return guarded([&] {
    std::vector<at::Tensor> stacked;
    for (int64_t i = 0; i < count; i++)
      stacked.push_back(of(matrices[i]).detach());
    at::Tensor w = at::cat(stacked).contiguous();
    if (w.dim() == 1) {
      *out = new at::Tensor(w);
      return;
    }
    TORCH_CHECK(w.dim() == 2 && w.scalar_type() == at::kFloat && w.is_cpu(), "only float32 matrices on the processor can be packed");
    int64_t columns = panel::rounded(w.size(0), lanes::width);
    if (dtype == static_cast<int>(at::kBFloat16)) {
      TORCH_CHECK(kernels() >= 2, "this processor has no AVX512-BF16");
      at::Tensor packed = at::empty({columns, panel::even<at::BFloat16>(w.size(1))}, at::kBFloat16);
      pack<at::BFloat16>(packed, w);
      *out = new at::Tensor(packed);
    } else {
      TORCH_CHECK(kernels() >= 1, "this processor has no AVX-512");
      at::Tensor packed = at::empty({columns, w.size(1)}, at::kFloat);
      pack<float>(packed, w);
      *out = new at::Tensor(packed);
    }
  });
}
