// Package native joins package dist to c10d, PyTorch's library for several processes, inside libtorch: C++ with a C interface.
// It is package dist's own; use that.
//
// A tensor is libtch's, a pointer to an at::Tensor. C holds the tensors of an operation until that is over, whatever becomes of
// the handles.
package native

/*
#cgo CXXFLAGS: -std=c++17 -O2 -DUSE_C10D_GLOO -I${SRCDIR} -Wno-attributes
#cgo LDFLAGS: -ltorch_cpu -lc10 -ldl -lstdc++
#include <stdlib.h>
#include "group.h"
*/
import "C"

import (
	"errors"
	"runtime/cgo"
	"time"
	"unsafe"
)

// Handle points to an at::Tensor.
type Handle = unsafe.Pointer

// Group is this process's place among the ranks.
type Group struct {
	c           C.dist_group
	store, nccl cgo.Handle // 0 without NCCL
}

// Address is where gloo listens: at the address of Host or, where that is empty, on Interface; without either, at that of the
// machine's name.
type Address struct{ Host, Interface string }

// Join waits for all ranks, which find each other through the store.
func Join(store Store, rank, size int, timeout time.Duration, at Address) (*Group, error) {
	host, network := C.CString(at.Host), C.CString(at.Interface)
	defer C.free(unsafe.Pointer(host))
	defer C.free(unsafe.Pointer(network))
	g := &Group{store: cgo.NewHandle(store)}
	message := C.dist_join(&g.c, C.uintptr_t(g.store), C.int(rank), C.int(size), milliseconds(timeout), host, network)
	if err := failure(message); err != nil {
		g.store.Delete()
		return nil, err
	}
	return g, nil
}

// NCCLPlace says where a CUDA device is plugged in, by which NCCL tells devices apart. Its error says why there is no NCCL for it.
func NCCLPlace(device int) (string, error) {
	var place *C.char
	if err := failure(C.dist_nccl_place(C.int(device), &place)); err != nil {
		return "", err
	}
	defer C.free(unsafe.Pointer(place))
	return C.GoString(place), nil
}

// JoinNCCL has NCCL take the tensors that lie on CUDA devices from now on, of which each rank has another. The ranks find each other
// through the store.
func (g *Group) JoinNCCL(store Store, device int, timeout time.Duration) error {
	g.nccl = cgo.NewHandle(store)
	return failure(C.dist_nccl_join(g.c, C.uintptr_t(g.nccl), C.int(device), milliseconds(timeout)))
}

// Leave waits for what is in flight, and frees the group.
func (g *Group) Leave() {
	C.dist_leave(g.c)
	g.store.Delete()
	if g.nccl != 0 {
		g.nccl.Delete()
	}
}

// Work is an operation in the background.
type Work struct{ c C.dist_work }

// AllReduce adds up t over the ranks, in place.
func (g *Group) AllReduce(t Handle) (w Work, err error) {
	err = failure(C.dist_all_reduce(&w.c, g.c, C.dist_tensor(t)))
	return w, err
}

// Broadcast overwrites t with root's.
func (g *Group) Broadcast(t Handle, root int) (w Work, err error) {
	err = failure(C.dist_broadcast(&w.c, g.c, C.dist_tensor(t), C.int(root)))
	return w, err
}

// AllGather fills into, [size, shape of from], with every rank's from.
func (g *Group) AllGather(into, from Handle) (w Work, err error) {
	err = failure(C.dist_all_gather(&w.c, g.c, C.dist_tensor(into), C.dist_tensor(from)))
	return w, err
}

// Barrier is over when every rank has begun it.
func (g *Group) Barrier() (w Work, err error) {
	err = failure(C.dist_barrier(&w.c, g.c))
	return w, err
}

// Wait waits for so long at most and says whether the operation is over.
func (w Work) Wait(most time.Duration) (done bool, err error) {
	var is C.int
	err = failure(C.dist_wait(w.c, milliseconds(most), &is))
	return is != 0, err
}

// Free lets go of the operation, which goes on to its end.
func (w Work) Free() { C.dist_free_work(w.c) }

// Reducer adds up gradients over the ranks.
type Reducer struct{ c C.dist_reducer }

// Stretch is a part of a flat buffer.
type Stretch struct{ From, Len int64 }

// NewReducer returns the reducer of parameters whose gradients are views of flat, in buckets that are sent in their order.
func (g *Group) NewReducer(flat Handle, parameters []Handle, buckets []Stretch) (r Reducer, err error) {
	// C copies what it is handed.
	tensors := make([]C.dist_tensor, len(parameters)+1)
	for i, p := range parameters {
		tensors[i] = C.dist_tensor(p)
	}
	stretches := make([]C.dist_stretch, len(buckets)+1)
	for i, b := range buckets {
		stretches[i] = C.dist_stretch{from: C.int64_t(b.From), len: C.int64_t(b.Len)}
	}
	err = failure(C.dist_reducer_new(&r.c, g.c, C.dist_tensor(flat), &tensors[0], C.int(len(parameters)), &stretches[0], C.int(len(buckets))))
	return r, err
}

// Watch has the buckets sent as soon as the next backward pass has done with them.
func (r Reducer) Watch() error { return failure(C.dist_reducer_watch(r.c)) }

// Send sends the others, and returns how many were sent before.
func (r Reducer) Send() (early int, err error) {
	var n C.int
	err = failure(C.dist_reducer_send(r.c, &n))
	return int(n), err
}

// Wait waits for so long at most and says whether all buckets have come back.
func (r Reducer) Wait(most time.Duration) (done bool, err error) {
	var is C.int
	err = failure(C.dist_reducer_wait(r.c, milliseconds(most), &is))
	return is != 0, err
}

// Free lets go of the reducer.
func (r Reducer) Free() { C.dist_reducer_free(r.c) }

func milliseconds(d time.Duration) C.int64_t { return C.int64_t(max(1, d.Milliseconds())) }

func failure(message *C.char) error {
	if message == nil {
		return nil
	}
	defer C.free(unsafe.Pointer(message))
	return errors.New(C.GoString(message))
}
