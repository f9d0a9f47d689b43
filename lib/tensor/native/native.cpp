#include "native.h"
#include "guarded.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/variable.h>

#include <cstring>
#include <string>

namespace {

const at::Generator &generator(int device) {
  if (device < 0)
    return at::globalContext().defaultGenerator(at::Device(at::kCPU));
  return at::globalContext().defaultGenerator(at::Device(at::kCUDA, device));
}

template <class T> void copy_out(pl_tensor t, at::ScalarType dtype, T *out) {
  at::Tensor host = of(t).detach().to(at::kCPU, dtype).contiguous();
  std::memcpy(out, host.data_ptr(), host.nbytes());
}

} // namespace

char *pl_set_grad(pl_tensor t, pl_tensor grad) {
  return guarded([&] { of(t).mutable_grad() = of(grad); });
}

char *pl_backward(pl_tensor loss) {
  return guarded([&] { of(loss).backward(); });
}

char *pl_copy(pl_tensor to, pl_tensor from) {
  return guarded([&] { of(to).copy_(of(from)); });
}

char *pl_gelu(pl_tensor *out, pl_tensor x, int tanh) {
  return guarded([&] {
    *out = new at::Tensor(at::gelu(of(x), tanh ? "tanh" : "none"));
  });
}

char *pl_item(pl_tensor t, double *out) {
  return guarded([&] { *out = of(t).item().toDouble(); });
}

char *pl_copy_float32(pl_tensor t, float *out) {
  return guarded([&] { copy_out(t, at::kFloat, out); });
}

char *pl_copy_int64(pl_tensor t, int64_t *out) {
  return guarded([&] { copy_out(t, at::kLong, out); });
}

char *pl_random_seed(int64_t seed) {
  return guarded([&] { at::manual_seed(seed); });
}

char *pl_threads(int n, int *now) {
  return guarded([&] {
    if (n > 0)
      at::set_num_threads(n);
    *now = at::get_num_threads();
  });
}

char *pl_random_state_size(int device, size_t *out) {
  return guarded([&] { *out = generator(device).get_state().numel(); });
}

char *pl_random_state(int device, uint8_t *out) {
  return guarded([&] {
    at::Tensor state = generator(device).get_state();
    std::memcpy(out, state.data_ptr(), state.numel());
  });
}

char *pl_random_restore(int device, const uint8_t *state, size_t size) {
  return guarded([&] {
    at::Tensor bytes = at::empty({static_cast<int64_t>(size)}, at::kByte);
    std::memcpy(bytes.data_ptr(), state, size);
    at::Generator g = generator(device);
    g.set_state(bytes);
  });
}

char *pl_autocast_enter(int device, int dtype, pl_autocast *previous) {
  return guarded([&] {
    namespace ac = at::autocast;
    auto to = static_cast<at::ScalarType>(dtype);
    if (device < 0) {
      *previous = {ac::is_cpu_enabled(), static_cast<int>(ac::get_autocast_cpu_dtype())};
      ac::set_autocast_cpu_dtype(to);
      ac::set_cpu_enabled(true);
    } else {
      *previous = {ac::is_enabled(), static_cast<int>(ac::get_autocast_gpu_dtype())};
      ac::set_autocast_gpu_dtype(to);
      ac::set_enabled(true);
    }
    ac::increment_nesting();
  });
}

char *pl_autocast_leave(int device, pl_autocast previous) {
  return guarded([&] {
    namespace ac = at::autocast;
    // The cache holds the weights' low-precision copies; they are stale after an optimizer step.
    if (ac::decrement_nesting() == 0)
      ac::clear_cache();
    auto to = static_cast<at::ScalarType>(previous.dtype);
    if (device < 0) {
      ac::set_cpu_enabled(previous.enabled);
      ac::set_autocast_cpu_dtype(to);
    } else {
      ac::set_enabled(previous.enabled);
      ac::set_autocast_gpu_dtype(to);
    }
  });
}

int pl_grad_enabled(int enabled) {
  bool before = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(enabled);
  return before;
}
