// Package trackio brings the runs of Trackio's SQLite files into a store: one file for each project, one row for each
// call of log, with all its metrics as a JSON object.
//
//	err := trackio.Import(ctx, store, "papers.db", func(run *ingest.Run) { fmt.Println(run.Name(), run.Added().Points) })
package trackio
