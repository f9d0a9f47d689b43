// NCCL, which adds up tensors where they lie, on CUDA devices.
//
// c10d's process group over it is in libtorch's CUDA half, and its header needs CUDA's and NCCL's. setup.sh brings all three where there is
// an NVIDIA GPU; where the headers are missing, so is NCCL. The process group itself is looked up by name: an executable that is linked
// against libtorch_cuda.so starts nowhere else.

#include "store.h"
#include "work.h"

#if __has_include(<nccl.h>)

// How halves are computed with, which needs a header that is in no package of CUDA 12.1, is left out.
#define __CUDA_FP16_HPP__
#define __CUDA_BF16_HPP__
#define USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include <dlfcn.h>

using namespace dist;
using c10d::ProcessGroupNCCL;

namespace {

// symbol is a function of a library that may be loaded.
template <class F> F *symbol(const char *name) {
  auto f = reinterpret_cast<F *>(dlsym(RTLD_DEFAULT, name));
  TORCH_CHECK(f, "libtorch's CUDA half is not loaded");
  return f;
}

// make is make_intrusive of a class whose constructor has that name.
template <class T, class... Args> c10::intrusive_ptr<T> make(const char *constructor, Args... args) {
  auto construct = symbol<void(void *, Args...)>(constructor);
  void *memory = ::operator new(sizeof(T));
  try {
    construct(memory, args...);
  } catch (...) {
    ::operator delete(memory);
    throw;
  }
  return c10::intrusive_ptr<T>::unsafe_steal_from_new(static_cast<T *>(memory));
}

Backend process_group(uintptr_t store, int rank, int size, std::chrono::milliseconds timeout) {
  using Store = c10::intrusive_ptr<c10d::Store>;
  using Options = c10::intrusive_ptr<ProcessGroupNCCL::Options>;
  // Else c10d's own thread ends the process when an operation fails; so the operation's caller is told.
  setenv(c10d::NCCL_BLOCKING_WAIT, "1", 1);
  auto options = make<ProcessGroupNCCL::Options>("_ZN4c10d16ProcessGroupNCCL7OptionsC1Eb", false);
  options->timeout = timeout;
  constexpr auto constructor = "_ZN4c10d16ProcessGroupNCCLC1ERKN3c1013intrusive_ptrINS_5StoreENS1_6detail34intrusive_target_default_null_typeIS3_"
                               "EEEEiiNS2_INS0_7OptionsENS5_ISA_EEEE";
  return make<ProcessGroupNCCL, const Store &, int, int, Options>(constructor, go_store(store), rank, size, options);
}

} // namespace

char *dist_nccl_place(int device, char **place) {
  return guarded([&] {
    auto bus_id = symbol<decltype(cudaDeviceGetPCIBusId)>("cudaDeviceGetPCIBusId");
    auto explain = symbol<decltype(cudaGetErrorString)>("cudaGetErrorString");
    char text[32];
    cudaError_t error = bus_id(text, sizeof text, device);
    TORCH_CHECK(error == cudaSuccess, "CUDA device ", device, ": ", explain(error));
    *place = strdup(text);
  });
}

char *dist_nccl_join(dist_group group, uintptr_t store, int device, int64_t timeout_ms) {
  return guarded([&] {
    Group &g = group_of(group);
    g.nccl = process_group(store, g.gloo->getRank(), g.gloo->getSize(), std::chrono::milliseconds(timeout_ms));
    // The first operation joins the ranks.
    std::vector<at::Tensor> one{at::ones({1}, at::Device(at::kCUDA, device))};
    g.nccl->allreduce(one)->wait();
  });
}

#else

using dist::guarded;

char *dist_nccl_place(int, char **) {
  return guarded([] { TORCH_CHECK(false, "this program was built without NCCL's headers"); });
}

char *dist_nccl_join(dist_group, uintptr_t, int, int64_t) {
  return guarded([] { TORCH_CHECK(false, "this program was built without NCCL's headers"); });
}

#endif
