// A transformer's encoder for inference, BERT's and T5's, on texts of any lengths laid one after the other: no padding is computed.
// Matrices are packed (packed.h); their type, float32 or bfloat16, is that of all products. All else is float32 and contiguous.
#pragma once
#include "native.h"

#ifdef __cplusplus
extern "C" {
#endif

// A norm with a bias is a layer norm, and what is normalised goes on in the residual stream (BERT); one without is T5's RMS norm.
typedef struct {
  pl_tensor weight, bias;
} pl_norm;

typedef struct {
  pl_tensor in /* q, k, v */, in_bias, out, out_bias; // biases: NULL for none
  pl_norm after_attention;
  pl_tensor gate /* NULL for none */, up, up_bias, down, down_bias;
  pl_norm after_feed; // T5's next block's first
} pl_encoder_layer;

typedef struct {
  pl_tensor words, positions, type; // of BERT [length, width], [width]; else NULL
  pl_norm first;
  pl_tensor distances; // of T5 [heads, 2 longest - 1]: what a key adds to its score, from longest - 1 before the query to as many after
  int64_t heads, head_size, hidden;
  double epsilon, scale; // of scores
} pl_encoder;

// Gives the hidden states after the last norm, float32 [tokens, width]. ids are one text after the other, lengths[i] a text.
char *pl_encode(pl_tensor *hidden, const pl_encoder *e, const pl_encoder_layer *layers, int64_t count, const int64_t *ids,
                const int64_t *lengths, int64_t texts);

#ifdef __cplusplus
}
#endif
