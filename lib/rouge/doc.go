// Package rouge computes ROUGE-1, ROUGE-2, ROUGE-L and ROUGE-Lsum, the measures by which generated summaries are
// compared with written ones (Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004).
//
// The scores are those of the Python package rouge_score 0.1.2, with and without its stemmer, and are tested to be
// equal within 1e-12:
//
//	var scorer rouge.Scorer // or rouge.Scorer{Stem: true}
//	scores := scorer.Score(reference, prediction)
//
// # What counts as a token
//
// A text is lower-cased and cut at everything that is not an ASCII letter or digit; letters beyond ASCII therefore
// separate words, as they do in rouge_score. With Stem, tokens longer than three characters lose their suffixes by
// [Stem]. Only ROUGE-Lsum looks at line breaks: to it each line is a sentence.
//
// # Means
//
// [Mean] is the plain mean over pairs. The aggregator of rouge_score, which Hugging Face's evaluate uses too, reports
// the median of a thousand unseeded bootstrap means instead, so that its figures wobble from call to call; for
// intervals that can be repeated see paperlab/lib/evaluate.
package rouge
