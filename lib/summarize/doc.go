// Package summarize joins a T5 and its tokenizer to what is done with them on papers: training, measuring and writing
// summaries, as the study does.
//
//	m, err := summarize.Load(dir, tensor.CPU)
//	...
//	defer m.Close()
//	training, err := m.Examples(ctx, split.Train, t5.Preparation{Prefix: "summarize: ", MaxInput: 256, MaxTarget: 64})
//	result, err := m.Train(ctx, training, validation, train.Config{Epochs: 10, BatchSize: 4, LearningRate: 5e-5}, hooks...)
//	summary, err := m.Summarize(ctx, "summarize: "+article, 1024, generate.Study())
//
// [Rouge] holds written summaries against abstracts, beside the first sentences of the articles.
package summarize
