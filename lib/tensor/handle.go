package tensor

import "paperlab/lib/tensor/native"

// Handle is the pointer to the at::Tensor, for packages that hand tensors to C++ of their own, such as package dist; nil for a nil or
// freed tensor. It is the tensor's: [runtime.KeepAlive] belongs behind the call.
func (t *Tensor) Handle() native.Handle {
	if !t.alive() {
		return nil
	}
	return t.handle()
}
