// Package peers runs, for tests, the Python programs that Paperlab is held against: those whose numbers it gives, whose files it
// reads and writes, whose protocols it speaks. Each environment's pins are beside this file; setup.sh brings them.
//
//	out := peers.Run(t, peers.Tracker, "testdata/read.py", folder)
package peers
