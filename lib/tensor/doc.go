// Package tensor computes with libtorch: arrays on a device, the operations on them, and their gradients.
//
// A [Scope] owns the C memory of every tensor made in it and frees it when it is closed. Operations are methods of the
// scope their result belongs to, so that reading a line says where its memory goes:
//
//	s := tensor.NewScope(tensor.CPU)
//	defer s.Close()
//	y := s.Softmax(s.MatMul(x, w), -1)
//	if err := s.Err(); err != nil { ... }
//
// The first operation that fails is remembered with its operands' shapes; those after it do nothing and return nil,
// which every operation accepts. So a model's forward pass is written without a check at each line and its error is
// read once, with [Scope.Err], as with bufio.Writer.
//
// No finalizer frees a tensor: an open scope keeps its tensors, whatever the garbage collector does, and a closed scope's
// tensors are refused with an error, not read.
//
// A scope belongs to one goroutine. A tensor may be read by several (parameters shared by concurrent forward passes),
// each with its own scope. libtorch's parallel loops keep a team of threads for each OS thread that starts them: a
// goroutine that computes for long calls runtime.LockOSThread first.
//
// On processors with AVX-512 and its bfloat16 the operations that a training spends its time in run on kernels of this package's own
// (native/gemm.h, native/fused.h), with the same results but for rounding and for which elements dropout drops; elsewhere,
// and with PAPERLAB_KERNELS=libtorch in the environment, on libtorch's: see [Kernels] and [Fused].
//
// The package is a layer over gotch's libtch; dtype promotion, broadcasting and dimension numbers (negative ones count
// from the end) are PyTorch's.
package tensor
