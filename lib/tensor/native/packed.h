// Packed matrices as tensors: float32 or bfloat16 [columns to a multiple of 16, depth to even].
#pragma once
#include "native.h"

#ifdef __cplusplus
extern "C" {
#endif

// What the processor can run: 0 nothing of ours, 1 the kernels for float32, 2 those for bfloat16 too.
int pl_kernels(void);

// Packs float32 matrices [columns, depth], one below the other, as dtype. Vectors are joined as they are.
char *pl_pack(pl_tensor *out, const pl_tensor *matrices, int64_t count, int dtype);

// The type of products on this thread where autocast is on for a device, else -1.
int pl_autocast_dtype(int device);

// The number of changes of a tensor in place, shared by its views.
char *pl_version(pl_tensor t, int64_t *out);

#ifdef __cplusplus
}
#endif
