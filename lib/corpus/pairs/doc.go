// Package pairs makes the pairs of texts that a search model is fine-tuned on: two papers of the same categories belong
// together (step B1 of the original notebook).
//
//	papers = pairs.CleanAll(papers)
//	all := pairs.FromCategories(papers, pairs.Options{Seed: 42})
//	train, validation, err := pairs.Split(all, 0.1, 42)
//
// The rule and the counts are the original's. Its exact order is not: that came from the random generators of NumPy and
// Python. [FromTitles] and [FromMainCategory] are other rules.
package pairs
