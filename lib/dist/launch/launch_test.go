package launch_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"paperlab/lib/console"
	"paperlab/lib/dist/launch"
)

// patient begins the script of ranks of which all but the first wait until they are told to stop.
const patient = `[ $RANK = 0 ] || { trap 'exit 1' TERM; while :; do sleep 0.01; done; }; `

// lines is output of several processes.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	came func(string)
}

func (l *lines) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.came != nil {
		l.came(string(data))
	}
	return l.text.Write(data)
}

// run runs a script as so many ranks.
func run(ctx context.Context, script string, ranks, restarts int, came func(string)) (out, errs string, err error) {
	stdout, stderr := lines{came: came}, lines{came: came}
	err = launch.Run(ctx, launch.Job{Command: []string{"/bin/sh", "-c", script}, Ranks: ranks, Restarts: restarts, Stdout: &stdout, Stderr: &stderr})
	return stdout.text.String(), stderr.text.String(), err
}

func TestEachRankIsToldItsPlace(t *testing.T) {
	t.Setenv("OMP_NUM_THREADS", "1")
	folder := t.TempDir()
	out, errs, err := run(t.Context(), `echo "$RANK $LOCAL_RANK $WORLD_SIZE $MASTER_ADDR ${MASTER_PORT:+port} $TORCHELASTIC_RESTART_COUNT" >`+folder+`/$RANK; echo out; echo err >&2`, 3, 0, nil)
	if err != nil || out != "out\n" || strings.Count(errs, "err\n") != 3 || strings.Count(errs, "[rank 1] err\n") != 1 || strings.Contains(errs, "[rank 0]") {
		t.Errorf("%v: out %q, errors %q", err, out, errs)
	}
	for rank, want := range []string{"0 0 3 127.0.0.1 port 0\n", "1 1 3 127.0.0.1 port 0\n", "2 2 3 127.0.0.1 port 0\n"} {
		if said, err := os.ReadFile(filepath.Join(folder, string(rune('0'+rank)))); err != nil || string(said) != want {
			t.Errorf("rank %d: %q, %v", rank, said, err)
		}
	}
}

func TestTheErrorIsTheCause(t *testing.T) {
	// A rank that fails because another has says nothing in its file.
	const others = `trap 'exit 1' TERM; while :; do sleep 0.01; done`
	for name, c := range map[string]struct{ script, want string }{
		"a rank is killed":        {`[ $RANK = 1 ] && kill -9 $$; ` + others, "launch: rank 1 of 3 was ended from outside: signal: killed"},
		"a rank says what failed": {`[ $RANK = 2 ] && { echo "paperlab: train: the disk is full" >$PAPERLAB_ERROR_FILE; exit 1; }; ` + others, "launch: rank 2 of 3: train: the disk is full"},
		"a rank says nothing":     {`[ $RANK = 0 ] && exit 7; ` + others, "launch: rank 0 of 3: ended by exit status 7 without a word"},
		"the consequence comes first": {`[ $RANK = 1 ] && exit 1; trap 'echo "paperlab: disk" >$PAPERLAB_ERROR_FILE; exit 1' TERM; while :; do sleep 0.01; done`,
			"launch: rank 0 of 3: disk"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, errs, err := run(t.Context(), c.script, 3, 0, nil); err == nil || err.Error() != c.want || errs != "" {
				t.Errorf("error %v, want %s; said %q", err, c.want, errs)
			}
		})
	}
}

func TestAFailureStartsAllAnew(t *testing.T) {
	out, errs, err := run(t.Context(), `[ $RANK$TORCHELASTIC_RESTART_COUNT != 12 ] || exit 0; `+patient+`echo "attempt $TORCHELASTIC_RESTART_COUNT"; [ $TORCHELASTIC_RESTART_COUNT = 2 ] || exit 1`, 2, 2, nil)
	if err != nil || out != "attempt 0\nattempt 1\nattempt 2\n" {
		t.Errorf("%v: %q", err, out)
	}
	if strings.Count(errs, "\n") != 2 || !strings.Contains(errs, ": restart 2 of 2\n") {
		t.Errorf("said %q", errs)
	}
	if out, _, err := run(t.Context(), patient+`echo again; exit 1`, 2, 1, nil); err == nil || out != "again\nagain\n" {
		t.Errorf("one that never works: %v, %q", err, out)
	}
}

func TestMisuseIsNotTriedAgain(t *testing.T) {
	out, _, err := run(t.Context(), patient+`echo once; echo "paperlab: unknown flag: --fast" >$PAPERLAB_ERROR_FILE; exit 2`, 2, 5, nil)
	if console.Exit(err) != console.Misuse || err.Error() != "unknown flag: --fast" || out != "once\n" {
		t.Errorf("%v, %q", err, out)
	}
}

func TestAnInterruptionIsPassedOnOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var ready atomic.Int32
	const script = `n=0; trap 'n=$((n+1)); sleep 0.2; echo "stopped $n"; echo "paperlab: stopped after step 5: interrupted" >$PAPERLAB_ERROR_FILE; exit 1' TERM
echo ready >&2; while :; do sleep 0.01; done`
	out, _, err := run(ctx, script, 2, 3, func(text string) {
		if ready.Add(int32(strings.Count(text, "ready\n"))) == 2 {
			cancel()
		}
	})
	if err == nil || err.Error() != "launch: rank 0 of 2: stopped after step 5: interrupted" || out != "stopped 1\n" {
		t.Errorf("%v, %q", err, out)
	}
}

func TestACommandThatIsNotThere(t *testing.T) {
	err := launch.Run(t.Context(), launch.Job{Command: []string{"/nowhere"}, Ranks: 2})
	if err == nil || !strings.Contains(err.Error(), "rank 0") {
		t.Errorf("error %v", err)
	}
}
