// How much memory libtorch's tensors hold on a CUDA device, as its caching allocator counts it.
//
// The allocator's header needs the CUDA runtime's. setup.sh brings both with libtorch's CUDA half; where they are missing, so is the
// figure. The allocator itself is looked up by name: an executable that is linked against libc10_cuda.so starts nowhere else.

#include "guarded.h"
#include "native.h"

#include <c10/util/Exception.h>

#if __has_include(<cuda_runtime_api.h>)

#include <c10/cuda/CUDACachingAllocator.h>
#include <dlfcn.h>

namespace {

using Allocator = c10::cuda::CUDACachingAllocator::CUDAAllocator;

// caching_allocator is null where no CUDA half is loaded.
Allocator *caching_allocator() {
  auto allocator = static_cast<std::atomic<Allocator *> *>(dlsym(RTLD_DEFAULT, "_ZN3c104cuda20CUDACachingAllocator9allocatorE"));
  return allocator ? allocator->load() : nullptr;
}

} // namespace

char *pl_cuda_memory(int device, int64_t *bytes) {
  return guarded([&] {
    Allocator *allocator = caching_allocator();
    TORCH_CHECK(allocator, "libtorch's CUDA half is not loaded");
    // libtorch starts it with the first tensor on CUDA.
    constexpr auto all = static_cast<size_t>(c10::cuda::CUDACachingAllocator::StatType::AGGREGATE);
    *bytes = allocator->initialized() ? allocator->getDeviceStats(device).allocated_bytes[all].current : 0;
  });
}

#else

char *pl_cuda_memory(int, int64_t *) {
  return guarded([] { TORCH_CHECK(false, "this program was built without CUDA's headers"); });
}

#endif
