// Package export writes what runs logged in formats that other programs read: CSV, Parquet, TensorBoard's event files,
// and JSON lines (of package jsonlines), which lose nothing.
//
// Files appear whole or not at all. Long series go through in pieces: ten million points take no more memory than ten
// thousand.
//
//	points, err := export.CSV(ctx, store, "runs.csv", ids...)
package export
