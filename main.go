// Command paperlab runs notebooks, tracks experiments, and fine-tunes small language models on academic papers.
//
// It is built twice from here: paperlab, which starts in milliseconds and needs nothing, and with the tag native
// paperlab-native, which holds the verbs that compute. The first hands those to the second; users type paperlab only.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	kernel "paperlab/kernel/cli"
	lib "paperlab/lib/cli"
	"paperlab/lib/console"
	tracker "paperlab/tracker/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	root := command()
	console.Prepare(root)
	err := root.ExecuteContext(ctx)
	stop()
	console.Report(os.Stderr, err)
	os.Exit(console.Exit(err))
}

// endings are the signals that ask for an end: that of a closed terminal too, unless nohup has it ignored.
func endings() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "paperlab",
		Short: "Fine-tune small language models on academic papers, and keep track of it",
		Long: `Fine-tune small language models on academic papers, keep track of every run, and plot the curves.
Every verb has --help with an example. Exit status: 0 done, 1 failed, 2 misuse.`,
		Example: `  paperlab doctor
  paperlab init t5-tiny ./tiny && paperlab train summarize --model ./tiny --epochs 3 --learning-rate 2e-3
  paperlab plot summarize -o loss.svg`,
	}
	root.AddCommand(lib.Doctor(lib.Check{Part: "SQLite", Run: tracker.SQLite}, lib.Check{Part: "Jupyter", Run: kernel.Jupyter},
		lib.Check{Part: "kernel", Run: kernel.Installed}))
	root.AddCommand(computing()...)
	root.AddCommand(notebooks()...)
	root.AddCommand(lib.Launch(), lib.Fetch(), lib.Cache(), lib.Papers(), lib.Publish(), lib.Tokenize(), lib.Rouge())
	root.AddCommand(tracker.Commands()...)
	return root
}
