// Results whose computation is not kept for the backward pass but done again there: gradient checkpointing (Chen et al. 2016). Errors
// as in native.h.
#pragma once
#include "native.h"

#ifdef __cplusplus
extern "C" {
#endif

// Makes results of what was computed from inputs without recording it. A backward pass has the computation done again, which segment
// stands for, and goes on through that. The segment is released with the last of the results and their graph.
char *pl_checkpoint(pl_tensor *results, const pl_tensor *computed, int64_t count, const pl_tensor *inputs, int64_t input_count, uintptr_t segment);

#ifdef __cplusplus
}
#endif
