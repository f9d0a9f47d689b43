// Package bert is the BERT encoder, the model under sentence embeddings such as all-MiniLM-L6-v2. A folder that transformers saved loads
// here and the other way round, and hidden states and gradients are those of its BertModel (release 4.49.0, float32)
// within 1e-4.
//
//	m, err := bert.Load("sentence-transformers/all-MiniLM-L6-v2", tensor.CPU)
//	...
//	defer m.Close()
//	s := tensor.NewScope(tensor.CPU)
//	defer s.Close()
//	ids, mask := nn.Pad(s, [][]int{{101, 7592, 102}}, 0)
//	hidden := m.Forward(s, ids, mask, nil)
//
// The model itself is forward.go: one page from the ids to the hidden states. Its parameters and how they start are in
// weights.go.
//
// Reference: Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding".
package bert
