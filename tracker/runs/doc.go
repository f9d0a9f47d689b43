// Package runs is what programs and notebook cells call to track experiments. [Start] opens a run that lives as long as
// the process does; its [Run] logs numbers, texts, tables, images, histograms and files, each of them durable when the
// call returns, and ends with [Run.Finish] or [Run.End]; [Do] does both for the length of a function. What a store
// refuses, its disk being full or its server gone, waits in a spool file ([ErrSpooled]), and the program goes on. A run
// whose process is gone turns crashed by itself, and may be taken up again with [Resume].
//
// A [Query] filters, sorts and groups runs in the language of package query, and shows them as a table, as text and as HTML;
// [Compare] and [Diff] lay runs side by side, [Curve] gives what a plot needs, and [Follow] tells what happens in a run that
// goes on.
//
// [Open] finds the store: the database named by the caller or the environment, or the nearest paperlab.db.
package runs
