// Matrix products on AVX-512, in float32 or with the factors rounded to bfloat16 and sums in float32 (AVX512-BF16).
#pragma once

#include <cstdint>

namespace gemm {

// Operand is a factor: element (i, k), k counting the terms of a sum, lies at data[i * row + k * depth]. One of the two strides is 1.
struct Operand {
  const void *data;
  int64_t row, depth;
  bool half; // elements are bfloat16, else float32
};

// Result says where sums go: sum (i, j) to data[i * row + j], after bias[j] is added, where there is one, and what was there, where
// add is set.
struct Result {
  void *data;
  int64_t row;
  bool half;
  bool add = false;
  const float *bias = nullptr;
};

// multiply computes c(i, j) = sum over k of a(i, k) b(j, k) for i < m, j < n, k < depth, on all threads, or on the calling one where
// that is one of a parallel loop already. Sums do not depend on the number of threads. half rounds the factors to bfloat16.
void multiply(int64_t m, int64_t n, int64_t depth, Operand a, Operand b, Result c, bool half);

} // namespace gemm
