// Package pgvector keeps vectors in a PostgreSQL server with the extension pgvector (https://github.com/pgvector/pgvector), for
// many processes and machines, beside whatever else is there. It is a [vector.Index].
//
//	index, err := pgvector.Open(ctx, "postgres://user@host/database", "papers", vector.Spec{Dim: 384, Model: hash})
//
// Searches compare with every vector, exactly, until [Index.BuildHNSW] makes them approximate and fast.
package pgvector
