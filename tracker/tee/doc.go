// Package tee lets a function see what this process writes to its standard output and error, whoever in it writes, while it
// goes where it went before. A terminal stays one to the program, with its size, so that progress bars stay bars.
//
//	t, err := tee.Start(func(stream string, text []byte) { ... })
//	defer t.Stop()
//
// What the Go runtime writes when the process crashes reaches the original standard error too. What is written in the last moment
// before os.Exit, without Stop, may be lost.
package tee
