// Package faiss keeps vectors in this process and finds the nearest neighbours of a query, by FAISS (Johnson, Douze & Jegou
// 2017): exactly, or approximately by one of its quicker kinds of index. It is a [vector.Index].
//
// Files are FAISS's own, so that Python's faiss.read_index opens what [Index.Write] wrote and [Read] opens what
// faiss.write_index wrote; behind FAISS's part ours hold a checksum, the ids and the model's hash, which Python passes over.
//
// Building it needs libfaiss_c, which make setup brings.
package faiss
