package sentence_test

import (
	"testing"

	"paperlab/lib/tensor"
)

func TestLibtorchsOperationsTrainAsThePeerToo(t *testing.T) {
	defer tensor.SetKernels(tensor.SetKernels(false))
	t.Run("loss", TestLossEqualsThePeers)
	t.Run("gradients", TestEveryGradientEqualsThePeers)
	t.Run("thirty steps", TestThirtyStepsOfTrainingEqualThePeers)
}
