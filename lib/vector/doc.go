// Package vector says what an index of vectors is: it finds those nearest to a query. Two packages below it are one: faiss
// keeps vectors in this process and in a file, exactly or by one of FAISS's quicker approximations; pgvector keeps them in a
// PostgreSQL server, for many processes and machines.
//
//	index, err := faiss.New(vector.Spec{Dim: 384, Model: hash}, "Flat")
//	...
//	err = index.Add(ctx, ids, vectors)
//	found, err := index.Search(ctx, query, 10)
//
// An index knows the hash of the model that made its vectors: [Spec.Check] refuses those of another.
package vector
