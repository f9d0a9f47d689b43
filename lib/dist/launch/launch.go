package launch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"paperlab/lib/console"
	"paperlab/lib/dist/store"
)

// Job is what to run, and how. The writers are files, or safe for concurrent use.
type Job struct {
	Command  []string  // of each rank: a path and its arguments
	Ranks    int       // processes
	Restarts int       // times that all are started anew after a failure
	Stdout   io.Writer // takes rank 0's output
	Stderr   io.Writer // likewise, and that of the others with their number before each line
}

// patience is how long ranks may take to end after one has failed; then they are killed.
const patience = 10 * time.Second

// ErrKilled is in the chain of the error about a rank that a signal ended.
var ErrKilled = errors.New("was ended from outside")

// Run runs the job to its end. What fails is the error: the rank that failed first, and how; the ranks that fail because of it are not
// mentioned. Where ctx is cancelled the ranks are told to stop, and Run waits until they have.
func Run(ctx context.Context, job Job) error {
	// The ranks end with the thread that started them, so that none is left behind.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for attempt := 0; ; attempt++ {
		start := time.Now()
		err := job.attempt(ctx, attempt)
		if err == nil || ctx.Err() != nil || console.Exit(err) == console.Misuse || attempt >= job.Restarts {
			return err
		}
		_, errSay := fmt.Fprintf(job.Stderr, "%v after %v: restart %d of %d\n", err, time.Since(start).Round(100*time.Millisecond), attempt+1, job.Restarts)
		if errSay != nil {
			return errors.Join(err, errSay)
		}
	}
}

// attempt starts all ranks and waits for them.
func (job Job) attempt(ctx context.Context, number int) (err error) {
	server, err := store.Serve("127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("launch: %w", err)
	}
	folder, err := os.MkdirTemp("", "paperlab-launch-")
	if err != nil {
		return errors.Join(fmt.Errorf("launch: %w", err), server.Close())
	}
	defer func() { err = errors.Join(err, server.Close(), os.RemoveAll(folder)) }()
	var ranks []*rank
	ends := make(chan *rank)
	for i := range job.Ranks {
		r := job.prepare(i)
		r.errors = filepath.Join(folder, strconv.Itoa(i))
		r.cmd.Env = append(os.Environ(), job.variables(i, number, server.Port())...)
		r.cmd.Env = append(r.cmd.Env, console.ErrorFileVariable+"="+r.errors)
		if err := r.cmd.Start(); err != nil {
			kill(ranks)
			wait(ranks, ends)
			return fmt.Errorf("launch: rank %d: %w", i, err)
		}
		ranks = append(ranks, r)
		go func() {
			r.err = r.cmd.Wait()
			ends <- r
		}()
	}
	watch(ctx, ranks, ends)
	return verdict(ctx, ranks)
}

// variables are torchrun's.
func (job Job) variables(rank, attempt, port int) []string {
	set := []string{
		"RANK=" + strconv.Itoa(rank), "LOCAL_RANK=" + strconv.Itoa(rank),
		"WORLD_SIZE=" + strconv.Itoa(job.Ranks), "LOCAL_WORLD_SIZE=" + strconv.Itoa(job.Ranks),
		"MASTER_ADDR=127.0.0.1", "MASTER_PORT=" + strconv.Itoa(port),
		"TORCHELASTIC_USE_AGENT_STORE=True", "TORCHELASTIC_RESTART_COUNT=" + strconv.Itoa(attempt),
	}
	// More threads than processors slow each other down.
	if _, given := os.LookupEnv("OMP_NUM_THREADS"); !given {
		set = append(set, "OMP_NUM_THREADS="+strconv.Itoa(max(1, runtime.NumCPU()/job.Ranks)))
	}
	return set
}

// watch waits until all ranks have ended. The first failure ends the others; an interruption is passed on.
func watch(ctx context.Context, ranks []*rank, ends <-chan *rank) {
	interrupted := ctx.Done()
	var late <-chan time.Time
	told := false // to stop: a second time would end them at once
	stop := func() {
		if !told {
			interrupt(ranks)
		}
		told = true
	}
	for running := len(ranks); running > 0; {
		select {
		case r := <-ends:
			running--
			r.ended = true
			if r.err != nil && !told {
				r.first = true
				stop()
				late = time.After(patience)
			}
		case <-interrupted:
			interrupted = nil
			stop()
		case <-late:
			kill(ranks)
		}
	}
}

func wait(ranks []*rank, ends <-chan *rank) {
	for range ranks {
		<-ends
	}
}

// verdict is the error of the rank that is to blame: one that a signal ended, unless that was ours; else the first that says what failed.
func verdict(ctx context.Context, ranks []*rank) error {
	var failed *rank
	for _, r := range ranks {
		if r.err != nil && (failed == nil || r.blame(ctx) > failed.blame(ctx)) {
			failed = r
		}
	}
	if failed == nil {
		return nil
	}
	who, text := fmt.Sprintf("launch: rank %d of %d", failed.number, len(ranks)), failed.text()
	switch {
	case failed.cmd.ProcessState.ExitCode() == console.Misuse && text != "":
		return console.Usage(errors.New(text))
	case text != "":
		return fmt.Errorf("%s: %s", who, text)
	case failed.killed():
		return fmt.Errorf("%s %w: %w", who, ErrKilled, failed.err)
	default:
		return fmt.Errorf("%s: ended by %w without a word", who, failed.err)
	}
}
