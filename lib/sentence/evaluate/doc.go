// Package evaluate measures how well a model of package sentence finds what belongs to a question, and whether a fine-tuned one
// finds more than its baseline.
//
//	test, err := evaluate.KnownItems(titles, abstracts) // or evaluate.ReadJudged, with judgements of people
//	measures, err := test.Measure(ctx, model, options)
//	outcome, err := test.Hold(ctx, evaluate.Using(base, options), evaluate.Using(tuned, options), bootstrap)
//	for _, question := range outcome.Worse() {
//		fmt.Println(question.Query)
//	}
//
// [Retrieval] is a collection with questions, [Reranking] has questions with candidates of their own, [Similarity] pairs of texts with
// people's scores, [Triplets] what is nearer to what. The measures are those of Sentence-Transformers' evaluators (release 3.4.1), by
// cosine.
package evaluate
