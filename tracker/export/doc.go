// Package export writes what runs logged in formats that other programs read.
//
//	points, err := export.CSV(ctx, store, "runs.csv", ids...)
package export
