// Which of our own kernels this processor can run.
#pragma once

#include <ATen/ATen.h>

// kernels is 0 for none, 1 for those for float32 (AVX-512), 2 for those for bfloat16 too.
inline int kernels() {
  static const int level = [] {
    for (bool there : {__builtin_cpu_supports("avx512f"), __builtin_cpu_supports("avx512bw"), __builtin_cpu_supports("avx512dq"),
                       __builtin_cpu_supports("avx512vl"), __builtin_cpu_supports("fma")})
      if (!there)
        return 0;
    return __builtin_cpu_supports("avx512bf16") ? 2 : 1;
  }();
  return level;
}

// for_dtype calls then with a value of the weights' type.
template <class Then> void for_dtype(const at::Tensor &weight, Then then) {
  if (weight.scalar_type() == at::kBFloat16) {
    TORCH_CHECK(kernels() >= 2, "this processor has no AVX512-BF16");
    then(at::BFloat16());
  } else {
    TORCH_CHECK(kernels() >= 1, "this processor has no AVX-512");
    then(float());
  }
}
