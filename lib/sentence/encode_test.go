package sentence_test

import (
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/sentence"
	"paperlab/lib/tensor"
)

func TestLibtorchsOperationsEmbedAsThePeerToo(t *testing.T) {
	defer tensor.SetKernels(tensor.SetKernels(false))
	t.Run("tiny", TestEmbeddingsEqualThePeers)
	t.Run("MiniLM", TestMiniLMsEmbeddingsEqualThePeers)
}

func TestEmbeddingsOfManyTextsAreThoseOfEach(t *testing.T) {
	m, texts := minilm(t), goldenTexts(t)
	for len(texts) < 70 { // more than one batch, of mixed lengths
		texts = append(texts, texts[len(texts)/2]+" "+texts[len(texts)-1][:len(texts[len(texts)-1])/2])
	}
	together := encode(t, m, texts, sentence.Options{})
	for i := 0; i < len(texts); i += 9 {
		nntest.Near(t, texts[i], encode(t, m, texts[i:i+1], sentence.Options{}), together[i*m.Dim():(i+1)*m.Dim()])
	}
}
