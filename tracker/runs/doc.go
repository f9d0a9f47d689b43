// Package runs is what programs and notebook cells call to track experiments. [Start] opens a run that lives as long as
// the process does; its [Run] logs numbers, texts and files, each of them durable when the call returns, and ends with
// [Run.Finish]. A run whose process is gone turns crashed by itself, and may be taken up again with [Resume]. [Table] and
// [Compare] show runs side by side, as text and as HTML; [Curve] gives what a plot needs.
//
// [Open] finds the store: the database named by the caller or the environment, or the nearest paperlab.db.
package runs
