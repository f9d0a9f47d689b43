// Which of our own kernels this processor can run: 0 none, 1 those for float32 (AVX-512), 2 those for bfloat16 too.
#pragma once

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
