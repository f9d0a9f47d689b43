// Package sqlite keeps runs in one SQLite file. Everything that a method wrote is on the disk when it returns: the file
// is in WAL mode with synchronous=FULL. Any number of processes and goroutines may use one file at once; writers wait for
// each other, readers wait for nobody. The contents of artifacts lie beside the file, in a folder named after it with
// ".artifacts" at the end.
package sqlite
