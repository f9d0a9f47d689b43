// Package query is the language in which runs are filtered, sorted, grouped and shown in columns. It is the same on the
// command line, in the dashboard, in notebooks and in Go. An expression is written as in Go:
//
//	status == "finished" && params.lr <= 5e-5 && (min("eval/loss") < 2.5 || tags.best == "yes")
//
// # What there is to ask for
//
// Fields of the run: id, name, project, group, parent, status, started, ended, heartbeat, deleted, duration, session,
// notes, command, dir, commit, host, cpu, gpu.
//
//	params.lr            a parameter; params["batch size"] and params["type"] if its key is no name of Go
//	params.optimizer.lr  the parameter "optimizer.lr", or what "optimizer" holds under "lr"
//	tags.best, env["go"] a tag; the version of Go, or of a module, that the run used
//	metrics.loss         the last value of a series: short for last("loss")
//
//	last("eval/loss")    of a series: its last value, the smallest, the largest, the first, how many points it has
//	min("eval/loss")
//	max("rouge/rouge1")
//	first("eval/loss")
//	count("train/loss")
//	at("eval/loss", 100) its value at step 100
//
//	has(params.debug)    whether the run has it; has("eval/loss") asks for a series
//	isNaN(last("loss"))  whether it is NaN, as in a training that diverged
//	contains(notes, "warm-up"), startsWith(name, "t5"), matches(name, "^t5-(small|base)$")
//	ago("24h")           the time of so long ago, also in days and weeks: ago("7d"), ago("2w")
//
// A series that was logged with a context, such as the rank of a process, is named with it: last("loss", "rank=0").
//
// # Operators
//
// Comparisons are ==, !=, <, <=, > and >=; they are joined by &&, || and !, with brackets. Numbers can be added,
// subtracted, multiplied and divided. A time is compared with text, in RFC 3339 or as "2026-03-14" or
// "2026-03-14 15:04:05" in the local zone, and with ago(...); a duration with text such as "1h30m" or "2d".
//
// # What is missing
//
// A run that lacks a parameter, tag or series is no error: every comparison with what is missing is false, != too, so
// that params.lr != 1 finds the runs whose lr is known to be another. !has(params.lr) and !(params.lr == 1) find those
// without. A parameter of null counts as missing.
//
// Parameters may hold anything. Values of different types are unequal and have no order, except that text is read as a
// number, a time or true or false where it is compared with one: "5e-05" from a tracker that keeps all parameters as text
// is 5e-5. NaN is as in Go: unequal to everything, itself included.
//
// # Lists
//
// Columns are expressions separated by commas, each with a title if need be: name, params.lr as lr, min("eval/loss").
// So are the expressions by which runs are sorted, the largest first after a minus: -last("rouge/rouge1"), started. A run
// that lacks what is sorted by, or has NaN, comes last either way.
package query
