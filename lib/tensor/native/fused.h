// The C face of the fused operations: each is several of libtorch's with their backward passes in one, on AVX-512 with bfloat16.
// They take tensors on the CPU, float32 or bfloat16, parameters float32; where autocast is on they multiply in bfloat16. Optional
// tensors may be NULL. Dropout p is drawn from the process's generator. Gradients of parameters that have memory for them
// (pl_set_grad) are added there. Errors as in native.h.
#pragma once
#include "native.h"

#ifdef __cplusplus
extern "C" {
#endif

// x wᵀ + b.
char *pl_linear(pl_tensor *out, pl_tensor x, pl_tensor w, pl_tensor b);

// The rows of w that ids name.
char *pl_embedding(pl_tensor *out, pl_tensor w, pl_tensor ids);

char *pl_dropout(pl_tensor *out, pl_tensor x, double p);

// sum = x + dropout(y), or x where y is NULL (sum is then NULL too); normed is sum over its root mean square times w where b is
// NULL, else its layer normalisation.
char *pl_add_norm(pl_tensor *sum, pl_tensor *normed, pl_tensor x, pl_tensor y, pl_tensor w, pl_tensor b, double p, double eps);

// The weighted mean of v by softmax(scale q kᵀ + bias + mask), with dropout on the weights.
char *pl_attention(pl_tensor *out, pl_tensor q, pl_tensor k, pl_tensor v, pl_tensor bias, pl_tensor mask, double scale, double p);

// dropout(activation(x upᵀ + up_bias) * (x gateᵀ)) downᵀ + down_bias: the activation is of the gate where there is one.
enum { PL_RELU, PL_GELU, PL_GELU_TANH };
char *pl_feed_forward(pl_tensor *out, pl_tensor x, pl_tensor gate, pl_tensor up, pl_tensor up_bias, pl_tensor down, pl_tensor down_bias, int activation, double p);

// The mean cross-entropy of softmax(h wᵀ) against labels other than ignored, a share smoothing of whose probability is spread evenly over
// the vocabulary.
char *pl_linear_cross_entropy(pl_tensor *out, pl_tensor h, pl_tensor w, pl_tensor labels, int64_t ignored, double smoothing);

#ifdef __cplusplus
}
#endif
