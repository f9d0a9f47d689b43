// Package evaluate says what a measured score is worth: how far it would move with other texts (bootstrap intervals),
// what a summary made without any model scores on the same papers (baselines), and how long the texts are.
//
//	scores, err := scorer.ScoreAll(ctx, abstracts, summaries)        // paperlab/lib/rouge
//	interval, err := evaluate.Bootstrap{Seed: 42}.Scores(ctx, scores) // mean, low and high of each measure
//	baseline := evaluate.Lead(article, 3)                             // to be scored like a summary
//
// Sentences, which the baselines choose from, is a splitter for papers: "e.g.", "et al.", "Fig. 3" and decimals do not
// end a sentence, and the lower-cased, spaced text of the scientific_papers data set is split as well.
package evaluate
