// What the fused operations share.
#pragma once

#include "fused.h"
#include "gemm.h"
#include "guarded.h"
#include "parallel.h"

#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <c10/util/BFloat16.h>
#include <torch/csrc/autograd/custom_function.h>

namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;
using Optional = c10::optional<Tensor>;

// optional keeps what is not there apart from an undefined tensor, which a Function refuses.
inline Optional optional(pl_tensor t) { return t ? Optional(of(t)) : c10::nullopt; }

inline pl_tensor handle(const Tensor &t) { return new Tensor(t); }

inline bool half(const Tensor &t) { return t.scalar_type() == at::kBFloat16; }

// compute is the type of the factors of matrix products with x, and of their results.
inline at::ScalarType compute(const Tensor &x) { return half(x) || at::autocast::is_cpu_enabled() ? at::kBFloat16 : at::kFloat; }

// typed calls body with a null pointer of t's type of elements.
template <class F> void typed(const Tensor &t, F body) {
  if (half(t))
    body(static_cast<c10::BFloat16 *>(nullptr));
  else
    body(static_cast<float *>(nullptr));
}

template <class T> T *data(const Tensor &t) { return t.defined() ? static_cast<T *>(t.data_ptr()) : nullptr; }

inline void check(const Tensor &t, const char *name) {
  TORCH_CHECK(t.is_cpu() && (half(t) || t.scalar_type() == at::kFloat), name, " is ", t.toString(), ", not float32 or bfloat16 on the CPU");
}

inline void check_parameter(const Tensor &w, at::IntArrayRef shape, const char *name) {
  TORCH_CHECK(w.is_cpu() && w.scalar_type() == at::kFloat && w.is_contiguous(), name, " is not a contiguous float32 tensor on the CPU");
  TORCH_CHECK(w.sizes() == shape, name, " is ", w.sizes(), ", not ", shape);
}

// rows is the number of vectors in the last dimension of t.
inline int64_t rows(const Tensor &t) { return t.numel() / t.size(-1); }

// with_width is the shape of t with another last dimension.
inline std::vector<int64_t> with_width(const Tensor &t, int64_t width) {
  auto shape = t.sizes().vec();
  shape.back() = width;
  return shape;
}

// Gradient is where a backward pass adds up the gradient of a parameter: the parameter's own memory for it where it has some, else a new
// tensor, which autograd is handed.
class Gradient {
public:
  explicit Gradient(const Tensor &w) {
    if (!w.defined() || !w.requires_grad())
      return;
    if (w.is_leaf() && w.grad().defined() && w.grad().is_contiguous() && w.grad().scalar_type() == at::kFloat)
      memory = w.grad();
    else
      memory = result = at::zeros_like(w, w.options().requires_grad(false));
  }
  bool wanted() const { return memory.defined(); }
  float *data() const { return memory.defined() ? memory.data_ptr<float>() : nullptr; }
  const Tensor &for_autograd() const { return result; }

private:
  Tensor memory, result;
};

// Factors of products by the matrix t [rows, width], or by its transpose.
inline gemm::Operand by_rows(const Tensor &t) { return {t.data_ptr(), t.size(-1), 1, half(t)}; }
inline gemm::Operand by_columns(const Tensor &t) { return {t.data_ptr(), 1, t.size(-1), half(t)}; }
inline gemm::Result into(const Tensor &t) { return {t.data_ptr(), t.size(-1), half(t)}; }
inline gemm::Result onto(const Tensor &t) { return {t.data_ptr(), t.size(-1), half(t), true}; }

// The three products of a linear layer y = x wᵀ + b, of contiguous tensors.
inline void forward_product(const Tensor &y, const Tensor &x, const Tensor &w, const float *bias, bool half) {
  gemm::Result to = into(y);
  to.bias = bias;
  gemm::multiply(rows(x), w.size(0), w.size(1), by_rows(x), by_rows(w), to, half);
}
inline void input_gradient(gemm::Result dx, const Tensor &dy, const Tensor &w, bool half) {
  gemm::multiply(rows(dy), w.size(1), w.size(0), by_rows(dy), by_columns(w), dx, half);
}
inline void weight_gradient(float *dw, const Tensor &dy, const Tensor &x, bool half) {
  int64_t in = x.size(-1);
  gemm::multiply(dy.size(-1), in, rows(x), by_columns(dy), by_columns(x), {dw, in, false, true}, half);
}


} // namespace
