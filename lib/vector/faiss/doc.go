// Package faiss is an index of vectors that finds the nearest neighbours of a query exactly: FAISS's IndexFlatL2,
// which compares the query with every vector it holds. Its files are FAISS's own, so that Python's
// faiss.read_index opens what [Index.Write] wrote and [Read] opens what faiss.write_index wrote.
//
// Distances are squared Euclidean distances, nearest first. Between vectors of length 1 the squared distance is
// 2 - 2 cos, so the order is that of the cosine similarity.
//
// Building it needs libfaiss_c, which make setup brings.
package faiss
