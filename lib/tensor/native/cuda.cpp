// libtorch registers CUDA when libtorch_cuda.so is loaded. Nothing refers to its symbols, so the linker leaves it out of
// the executable; it is loaded by name where it is there.

#include "native.h"

#include <dlfcn.h>

int pl_load_cuda(void) { return dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) != nullptr; }
