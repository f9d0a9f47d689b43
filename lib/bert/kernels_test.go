package bert_test

import (
	"testing"

	"paperlab/lib/tensor"
)

func TestLibtorchsOperationsEqualThePeerToo(t *testing.T) {
	defer tensor.SetKernels(tensor.SetKernels(false))
	t.Run("hidden states", TestHiddenStatesEqualThePeers)
	t.Run("gradients", TestEveryGradientEqualsThePeers)
}
