// Package launch starts the processes of one training on this machine, as torchrun does: it gives each its place among them by the
// environment, serves the store by which they find each other, and where one fails ends the others, and starts all of them anew if that
// is wanted. It needs no libtorch.
//
//	err := launch.Run(ctx, launch.Job{Command: []string{"paperlab", "train", "search"}, Ranks: 2, Restarts: 1, Stdout: os.Stdout, Stderr: os.Stderr})
package launch
