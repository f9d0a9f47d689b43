// One token of a T5 decoder for all rows (a row is text x beams + beam), in one parallel region. Weights and the encoded texts' keys and
// values are packed (packed.h); their type, float32 or bfloat16, is that of all products. All else is float32 and contiguous.
#pragma once
#include "native.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  pl_tensor self_norm, self_in /* q, k, v */, self_out;
  pl_tensor cross_norm, cross_in, cross_out;
  pl_tensor feed_norm, gate /* NULL: ReLU */, up, down;
  pl_tensor past_keys, past_values;   // [texts, heads, limit x beams, head_size], of the weights' type
  pl_tensor cross_keys, cross_values; // of pl_decoder_cross
} pl_decoder_layer;

typedef struct {
  pl_tensor embedding, norm, head; // head is packed
  pl_tensor distances;             // [heads, limit]: what a key so many positions back adds to its score
  int64_t texts, beams, limit, heads, head_size, hidden;
  double epsilon, scale;  // of the norms; of what the head is given
} pl_decoder;

// Packs keys and values of encoded texts: x [tokens, width], lengths[i] tokens a text, all above 0; weight is the packed k and v.
// Both become [texts, heads, a packed matrix with room for the longest text].
char *pl_decoder_cross(pl_tensor *keys, pl_tensor *values, pl_tensor x, pl_tensor weight, const int64_t *lengths, int64_t texts, int64_t heads,
                       int64_t head_size);

// Reads a token a row at a position and gives the logits [rows, vocabulary]. ancestors has position + 1 entries a row: the beam that
// each position was read by, the row's own last.
char *pl_decoder_step(pl_tensor *logits, const pl_decoder *d, const pl_decoder_layer *layers, int64_t count, const int64_t *lengths,
                      const int64_t *tokens, const int32_t *ancestors, int64_t position);

#ifdef __cplusplus
}
#endif
