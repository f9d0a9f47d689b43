package t5_test

import (
	"testing"

	"paperlab/lib/tensor"
)

func TestLibtorchsOperationsEqualThePeerToo(t *testing.T) {
	defer tensor.SetKernels(tensor.SetKernels(false))
	t.Run("logits and loss", TestLogitsAndLossEqualThePeers)
	t.Run("gradients", TestEveryGradientEqualsThePeers)
	t.Run("smoothed loss", TestASmoothedLossAndItsGradientsEqualThePeers)
	t.Run("steps of the decoder", TestStepsGiveTheLogitsOfOnePass)
	t.Run("mixed precision", TestInMixedPrecisionLossAndGradientsStayNear)
}
