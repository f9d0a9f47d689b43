// Package console is how the commands talk to people and programs: progress, tables, JSON lines, errors and exit
// codes. It knows cobra's commands, and nothing else of Paperlab.
//
// A main function reads
//
//	console.Prepare(root)
//	err := root.ExecuteContext(ctx)
//	console.Report(os.Stderr, err)
//	os.Exit(console.Exit(err))
//
// so that every verb ends with 0 when it is done, 1 when it failed or was interrupted, and 2 when it was called
// wrongly, and so that an error is one line: what failed, why, and what to do about it.
//
// Results go to standard output, all else to standard error.
package console
