package hook

import "paperlab/lib/tensor"

// allocated is what libtorch's tensors hold on all CUDA devices together; ok is false where there is no device, or libtorch
// cannot say.
func allocated() (bytes int64, ok bool) {
	devices := tensor.CUDADevices()
	for i := range devices {
		held, err := tensor.Device(i).MemoryUsed()
		if err != nil {
			return 0, false
		}
		bytes += held
	}
	return bytes, devices > 0
}
