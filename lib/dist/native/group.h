// The C face of c10d's process groups: gloo and, for tensors on CUDA devices, NCCL. A tensor is a pointer to an at::Tensor, as in
// libtch. Every function that can fail returns a malloc'd message, which the caller frees, or NULL.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void *dist_tensor;
typedef void *dist_group;
typedef void *dist_work;
typedef void *dist_reducer;

// Joins the group, whose ranks find each other through the store behind a Go handle. Gloo binds to the address of host or, where that
// is empty, to the network interface, or, without either, to the address of this machine's name.
char *dist_join(dist_group *out, uintptr_t store, int rank, int size, int64_t timeout_ms, const char *host, const char *interface);
// Leaves the group: waits for what is in flight.
void dist_leave(dist_group group);

// Says where a CUDA device is plugged in, by which NCCL tells devices apart; fails where there is no NCCL or no such device.
char *dist_nccl_place(int device, char **place);
// Joins NCCL as well, which from then on takes the tensors that lie on CUDA devices. All ranks call it, each with a device of its own.
char *dist_nccl_join(dist_group group, uintptr_t store, int device, int64_t timeout_ms);

// Operations begin, and go on in the background until dist_wait says that they are done. The tensor's memory stays theirs as long.
char *dist_all_reduce(dist_work *out, dist_group group, dist_tensor t);
char *dist_broadcast(dist_work *out, dist_group group, dist_tensor t, int root);
char *dist_all_gather(dist_work *out, dist_group group, dist_tensor into, dist_tensor from); // into is [size, shape of from]
char *dist_barrier(dist_work *out, dist_group group);
// Waits for so long at most; done says whether that was enough.
char *dist_wait(dist_work work, int64_t timeout_ms, int *done);
void dist_free_work(dist_work work);

// A stretch of the flat gradients.
typedef struct {
  int64_t from, len;
} dist_stretch;
// Adds up gradients over the ranks: parameters' gradients are views of flat, which buckets cut in the order in which they are sent.
char *dist_reducer_new(dist_reducer *out, dist_group group, dist_tensor flat, dist_tensor *parameters, int n, const dist_stretch *buckets, int m);
void dist_reducer_free(dist_reducer reducer);
// Watches the next backward pass, and sends each bucket as soon as it is final.
char *dist_reducer_watch(dist_reducer reducer);
// Sends the buckets that were not sent yet, and says how many were.
char *dist_reducer_send(dist_reducer reducer, int *early);
char *dist_reducer_wait(dist_reducer reducer, int64_t timeout_ms, int *done);

#ifdef __cplusplus
}
#endif
