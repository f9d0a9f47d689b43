// Package dataset reads the papers that a name stands for: a file, a folder of one file a part, either of them by
// its address on the hub where it was fetched (hf://datasets/ORGANISATION/NAME/PATH, scientific_papers/arxiv), or [Godoc], the
// documentation of Go's standard library, which every machine with Go has.
//
//	split, err := dataset.Split(ctx, "godoc", corpus.Sizes{Train: 1500, Validation: 130, Test: 130}, 42, nil)
//	papers, err := dataset.Papers(ctx, "arxiv-metadata-oai-snapshot.json", 20000, nil)
//
// Formats are those of package corpus.
package dataset
