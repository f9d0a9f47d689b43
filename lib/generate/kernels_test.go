package generate_test

import (
	"testing"

	"paperlab/lib/tensor"
)

func TestLibtorchsOperationsWriteAsThePeerToo(t *testing.T) {
	defer tensor.SetKernels(tensor.SetKernels(false))
	t.Run("alone", TestATextIsWrittenAsThePeerWritesIt)
	t.Run("padded", TestATextIsWrittenInAPaddedBatchAsAlone)
}
