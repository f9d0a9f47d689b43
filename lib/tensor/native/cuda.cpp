// libtorch registers CUDA when libtorch_cuda.so is loaded. Nothing refers to its symbols, so the linker leaves it out of
// the executable; it is loaded by name where it is there, and CUDA's own functions are looked up in what it brought.

#include "guarded.h"
#include "native.h"

#include <c10/util/Exception.h>
#include <dlfcn.h>

int pl_load_cuda(void) { return dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) != nullptr; }

namespace {

// cuda calls one of the CUDA runtime's functions, which return 0 when they succeed.
template <class... Args> void cuda(const char *name, Args... args) {
  auto function = reinterpret_cast<int (*)(Args...)>(dlsym(RTLD_DEFAULT, name));
  TORCH_CHECK(function, name, " is not there: no CUDA runtime is loaded");
  int status = function(args...);
  TORCH_CHECK(status == 0, name, " failed with CUDA error ", status);
}

} // namespace

char *pl_cuda_memory(int device, int64_t *used) {
  return guarded([&] {
    int before = 0;
    size_t free = 0, total = 0;
    cuda("cudaGetDevice", &before);
    cuda("cudaSetDevice", device);
    cuda("cudaMemGetInfo", &free, &total);
    cuda("cudaSetDevice", before);
    *used = static_cast<int64_t>(total - free);
  });
}
