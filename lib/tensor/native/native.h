// The C face of what libtch lacks. A tensor is a pointer to an at::Tensor, as in libtch.
// Every function that can fail returns a malloc'd message, which the caller frees, or NULL.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void *pl_tensor;

// Loads libtorch's CUDA half where it is installed; to be called before any other function of libtorch.
int pl_load_cuda(void);
// Bytes that the tensors of this process hold on a CUDA device.
char *pl_cuda_memory(int device, int64_t *bytes);

// Lets freed memory of large tensors be used again instead of going back to the system each time.
void pl_keep_memory(void);

// Autograd.
char *pl_set_grad(pl_tensor t, pl_tensor grad);
char *pl_backward(pl_tensor loss);

// The L2 norm of all elements of a float32 tensor on the CPU, without a gradient; with AVX-512.
char *pl_l2_norm(pl_tensor *out, pl_tensor x);

// One step of AdamW on flat float32 buffers of one length: parameters, gradients (multiplied by scale first, zero
// afterwards), moments; with AVX-512 where lanes is set, else by libtorch's operations.
typedef struct {
  double scale, learning_rate, beta1, beta2, epsilon, weight_decay;
  int64_t step; // 1 for the first
} pl_adamw_step;
char *pl_adamw(pl_tensor params, pl_tensor grads, pl_tensor moments, pl_tensor squares, pl_adamw_step step, int lanes);

// Overwrites a tensor with another, broadcast and converted.
char *pl_copy(pl_tensor to, pl_tensor from);

// Activations whose libtch wrapper leaks its string argument.
char *pl_gelu(pl_tensor *out, pl_tensor x, int tanh);

// One value, whatever the dtype and the device.
char *pl_item(pl_tensor t, double *out);
// All values of a tensor as float32 or int64 into caller-owned memory of numel elements.
char *pl_copy_float32(pl_tensor t, float *out);
char *pl_copy_int64(pl_tensor t, int64_t *out);

// The process's random generator of a device (-1: CPU, n >= 0: CUDA n).
char *pl_random_seed(int64_t seed);
char *pl_random_state_size(int device, size_t *out);
char *pl_random_state(int device, uint8_t *out);
char *pl_random_restore(int device, const uint8_t *state, size_t size);

// How many threads one operation may use; set only where n > 0.
char *pl_threads(int n, int *now);

// Thread-local modes. The previous state comes back and is handed in again to leave.
typedef struct {
  int enabled;
  int dtype;
} pl_autocast;
char *pl_autocast_enter(int device, int dtype, pl_autocast *previous);
char *pl_autocast_leave(int device, pl_autocast previous);
int pl_grad_enabled(int enabled); // sets the mode, returns the one before

#ifdef __cplusplus
}
#endif
