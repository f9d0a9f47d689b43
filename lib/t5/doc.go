// Package t5 is the T5 family of encoder-decoder models: flan-t5 and T5 v1.1 (gated GELU, an output layer of its own) and the
// original T5 (ReLU, output layer tied to the embedding). A folder that transformers saved loads here and the other way round, and
// logits, loss and gradients are those of its T5ForConditionalGeneration (release 4.49.0, float32) within 1e-4.
//
//	m, err := t5.Load("google/flan-t5-small", tensor.CPU)
//	...
//	defer m.Close()
//	s := tensor.NewScope(tensor.CPU)
//	defer s.Close()
//	loss := m.Loss(s, t5.Batch{InputIDs: ids, AttentionMask: mask, Labels: labels})
//	if s.Err() == nil {
//		err = tensor.Backward(loss) // adds to the gradients of m.Parameters()
//	}
//
// The model itself is forward.go: one page from the embedding to the loss. Its parameters and how they start are in
// weights.go, decoding token by token in decoder.go (package generate searches with it).
//
// References: Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer"; Shazeer 2020,
// "GLU Variants Improve Transformer"; Chung et al. 2022, "Scaling Instruction-Finetuned Language Models".
package t5
