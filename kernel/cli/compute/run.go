package compute

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"paperlab/kernel/cli"
	"paperlab/kernel/session"
	"paperlab/kernel/wire"
)

// Track returns what the magic %track shows: the live runs. It is main's: the kernel knows no tracker.
type Track func(ctx context.Context) (any, error)

// Run returns the verb that runs a kernel for Jupyter.
func Run(track Track) *cobra.Command {
	return &cobra.Command{
		Use:   "run FILE",
		Short: "Run a kernel on the sockets of a connection file",
		Long: `Run a kernel on the sockets of a connection file, until a client shuts it down. Jupyter does this by itself, as the installed kernel says;
by hand it gives a kernel to which "jupyter console --existing FILE" connects.`,
		Example: `  paperlab kernel run ~/.local/share/jupyter/runtime/kernel-1.json`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := run(cmd.Context(), args[0], track); err != nil {
				return fmt.Errorf("kernel run: %w", err)
			}
			return nil
		},
	}
}

func run(ctx context.Context, file string, track Track) (err error) {
	connection, err := wire.ReadConnection(file)
	if err != nil {
		return err
	}
	out, err := newOutlet()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Stop()) }()
	log := slog.New(slog.NewTextHandler(out.Stderr(), nil))
	sockets, err := wire.Listen(connection, log)
	if err != nil {
		return err
	}
	defer sockets.Close()
	engine, err := newEngine()
	if err != nil {
		return err
	}
	s := session.New(engine, session.Options{Collect: out.Flush, Pace: sockets.IOPub.Pace, Track: track, Notebook: os.Getenv(cli.NotebookVariable)})
	out.session.Store(s)
	serve(ctx, session.NewKernel(s, sockets, introduction(), log))
	return nil
}

// serve serves the kernel until it is shut down, by a client, SIGTERM or its parent's end. SIGINT interrupts the cell.
func serve(ctx context.Context, kernel *session.Kernel) {
	// The command's own context ends with the first SIGINT, which here ends a cell at most.
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, unix.SIGTERM)
	defer signal.Stop(signals)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer stop()
	watching.Go(func() { watchParent(ctx, time.Second, stop) })
	watching.Go(func() {
		for {
			select {
			case s := <-signals:
				if s == os.Interrupt {
					kernel.Interrupt()
				} else {
					stop()
				}
			case <-ctx.Done():
				return
			}
		}
	})
	kernel.Serve(ctx)
}

// introduction is what the kernel says of itself.
func introduction() session.Info {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = strings.TrimPrefix(info.Main.Version, "v")
	}
	language := strings.TrimPrefix(runtime.Version(), "go")
	return session.Info{
		Implementation: "paperlab", Version: version, GoVersion: language,
		Banner: fmt.Sprintf("Paperlab %s, Go %s. %%help lists what is not Go.", version, language),
		HelpLinks: []wire.HelpLink{
			{Text: "The Go language", URL: "https://go.dev/ref/spec"},
			{Text: "Go's standard library", URL: "https://pkg.go.dev/std"},
			{Text: "Plots", URL: "https://pkg.go.dev/gonum.org/v1/plot"},
		},
	}
}
