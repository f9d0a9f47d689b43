// Package sentence turns texts into vectors whose cosine says how near they are in meaning, as Sentence-Transformers does (release
// 3.4.1), and trains the models that do so. A folder of either loads in the other; embeddings agree to a cosine of 0.99999.
//
//	m, err := sentence.Load("all-MiniLM-L6-v2", tensor.CPU)
//	...
//	defer m.Close()
//	vectors, err := m.Encode(ctx, texts, sentence.Options{})
//	query, err := m.Embed(ctx, "papers on general relativity")
//	for _, hit := range sentence.Best(query, vectors, 5) {
//		fmt.Println(hit.Similarity, texts[hit.Index])
//	}
//
// More texts than fit into memory go through [Model.Stream], or by [Model.EncodeTo] into a file that goes on after a kill. Models
// that want a prompt before each text have it in [Options].
//
// A [Model] is a BERT, a pooling of its hidden states, dense layers and a normalisation (modules.go reads which). [Pairs] and [Ranking]
// are what package train takes to fine-tune one; the losses are in package loss.
//
// Reference: Reimers and Gurevych 2019, "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks".
package sentence
