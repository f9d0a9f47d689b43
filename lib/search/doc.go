// Package search finds papers by vectors of their texts, which a model of package sentence makes.
//
//	index, err := search.NewIndex(ctx, model, vectors, papers) // one vector a paper
//	...
//	defer index.Close()
//	err = index.Write("paper_index.faiss")
//	hits, err := index.Search(ctx, query, 5)
//
// An [Index] is FAISS's, exact, with the papers beside it in a file of its own, and their words in another once somebody asked by them;
// [Best] does without one.
package search
