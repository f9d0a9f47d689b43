// Package table is the table of speeds that `make bench` prints: [Row] says what a piece of work is, [Measure] has it done by us and by a
// peer in turns, and a [Table] prints the figures side by side and writes them as JSON.
//
// Nothing here knows what is measured: each measurement is a task that the caller's [Runner] does, in a process of its
// own, so that peak memory is that of the work alone.
package table
