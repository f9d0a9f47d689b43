// Package postgres keeps runs in a PostgreSQL database, for those who share a tracker between machines. It does what
// package sqlite does, with a schema that mirrors that one's, in a PostgreSQL schema named "paperlab" unless the address
// names another by search_path.
//
// A project that began in a file moves to a server by [tracker.Copy], and [Store.Backup] makes a file of it again:
//
//	file, err := sqlite.Open(ctx, "paperlab.db")
//	...
//	server, err := postgres.Open(ctx, "postgres://me@db.example.org/papers")
//	...
//	err = tracker.Copy(ctx, file, server)
//
// Writers of different runs never wait for each other; those of one run queue at a row of their run. What a method wrote
// is durable when it returns, unless the address says otherwise (synchronous_commit=off).
//
// Contents of artifacts and images are kept in the database, as rows of 1 MiB: they are then in every backup and replica
// of it, go with the row that names them, need neither a folder that all machines share nor the rights and the vacuuming
// that PostgreSQL's large objects want, and are read piece by piece.
package postgres
