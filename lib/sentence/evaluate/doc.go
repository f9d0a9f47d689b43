// Package evaluate measures how well a model of package sentence finds what belongs to a question.
//
//	test, err := evaluate.KnownItems(titles, abstracts) // or evaluate.ReadJudged, with judgements of people
//	before, err := test.Measure(ctx, base, options)
//	after, err := test.Measure(ctx, tuned, options)
//	evaluate.Comparison{{"baseline", before}, {"fine-tuned", after}}
//
// The measures are those of Sentence-Transformers' InformationRetrievalEvaluator (release 3.4.1), by cosine.
package evaluate
