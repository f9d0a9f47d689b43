// Matrices of intermediate results, and packed ones as tensors hold them.
#pragma once

#include "panel.h"

#include <ATen/ATen.h>

PL_AVX512_BEGIN

// Rows is a matrix with as many values a row as fill whole lanes; those beyond the row's own are zero.
template <class T> struct Rows {
  at::Tensor tensor;
  int64_t stride;
  T *data;

  Rows(int64_t rows, int64_t width) : stride(panel::even<T>(width)) {
    constexpr auto dtype = c10::CppTypeToScalarType<T>::value;
    tensor = stride == width ? at::empty({rows, width}, dtype) : at::zeros({rows, stride}, dtype);
    data = tensor.template data_ptr<T>();
  }
  T *operator[](int64_t row) const { return data + row * stride; }
};

// packed is what a tensor of pl_pack holds.
template <class T> panel::Panels<T> packed(const at::Tensor &w, int64_t columns, int64_t depth) {
  TORCH_CHECK(w.numel() == panel::size<T>(columns, depth), "a packed matrix of ", w.sizes(), " where ", columns, " x ", depth, " was to be");
  return {w.data_ptr<T>(), columns, depth};
}

PL_AVX512_END
