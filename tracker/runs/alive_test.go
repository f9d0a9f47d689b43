package runs_test

import (
	"bufio"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

func TestHeartbeatsGoOnUntilTheRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := open(t)
		run := start(t, store, runs.Options{})
		started := time.Now()
		time.Sleep(25 * time.Second) // of the bubble's clock
		synctest.Wait()
		if r := get(t, store, run.ID()).Run; !r.Heartbeat.Equal(started.Add(20 * time.Second)) {
			t.Errorf("last heartbeat after %v", r.Heartbeat.Sub(started))
		}
		if err := run.Finish(t.Context(), tracker.Finished); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if r := get(t, store, run.ID()).Run; r.Heartbeat.After(started.Add(20 * time.Second)) {
			t.Error("a run that ended has a pulse")
		}
	})
}

func TestRunOfAKilledProcessTurnsCrashedAndIsResumed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paperlab.db")
	store := openAt(t, path)
	process := process(t, "hang", path)
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	line := bufio.NewScanner(output)
	if !line.Scan() {
		t.Fatalf("the process ended by itself: %v", process.Wait())
	}
	id := line.Text()

	if r := get(t, store, id).Run; r.Status != tracker.Running {
		t.Errorf("while it lives: %s", r.Status)
	}
	if _, err := runs.Resume(t.Context(), store, id, runs.Options{}); !errors.Is(err, tracker.ErrRunning) {
		t.Errorf("resuming what goes on: got %v", err)
	}
	attached, err := runs.Attach(t.Context(), store, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := attached.Finish(t.Context(), tracker.Finished); !errors.Is(err, tracker.ErrRunning) {
		t.Errorf("finishing what goes on: got %v", err)
	}

	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// Gone, but still in the table of processes: its parent has not collected it.
	if err := unix.Waitid(unix.P_PID, process.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != nil {
		t.Fatal(err)
	}
	list := func(status tracker.Status) int {
		t.Helper()
		found, err := runs.List(t.Context(), store, tracker.RunFilter{Status: status})
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	if list(tracker.Running) != 0 || list(tracker.Crashed) != 1 {
		t.Error("the dead process's run is not crashed")
	}
	_ = process.Wait()
	if r := get(t, store, id).Run; r.Status != tracker.Crashed || !r.Ended.Equal(r.Heartbeat) {
		t.Errorf("got %+v", r)
	}

	resumed, err := runs.Resume(t.Context(), store, id, runs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := resumed.Finish(t.Context(), tracker.Finished); err != nil {
			t.Error(err)
		}
	}()
	if err := resumed.Log(t.Context(), 1, map[string]float64{"train/loss": 2}); err != nil {
		t.Fatal(err)
	}
	steps, values, err := runs.Curve(t.Context(), store, id, "train/loss")
	if err != nil || len(steps) != 1 || values[0] != 2 {
		t.Errorf("the new session must hide what it repeats: got %v %v, %v", steps, values, err)
	}
	if points, err := store.Points(t.Context(), id, "train/loss", ""); err != nil || len(points) != 2 {
		t.Errorf("and lose nothing: got %v, %v", points, err)
	}
	if r := get(t, store, id).Run; r.Status != tracker.Running || r.Session != 2 || !r.Ended.IsZero() {
		t.Errorf("got %+v", r)
	}
}

func TestOwnersThatCannotBeLookedAt(t *testing.T) {
	store := open(t)
	self := get(t, store, start(t, store, runs.Options{}).ID()).Run.Owner
	for _, c := range []struct {
		name   string
		owner  tracker.Owner
		silent time.Duration
		want   tracker.Status
	}{
		{"another machine, heard of just now", tracker.Owner{PID: self.PID, Born: self.Born, Boot: "another"}, 0, tracker.Running},
		{"another machine, silent", tracker.Owner{PID: self.PID, Born: self.Born, Boot: "another"}, time.Hour, tracker.Crashed},
		{"a process that has this one's number but began earlier", tracker.Owner{PID: self.PID, Born: self.Born - 1, Boot: self.Boot}, 0, tracker.Crashed},
		{"a number that no process has", tracker.Owner{PID: 1 << 30, Born: 1, Boot: self.Boot}, 0, tracker.Crashed},
		{"this process, held up for an hour", *self, time.Hour, tracker.Running},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := storetest.NewRun(t, c.name)
			run.Owner, run.Heartbeat = &c.owner, time.Now().Add(-c.silent)
			if err := store.CreateRun(t.Context(), run); err != nil {
				t.Fatal(err)
			}
			if got := get(t, store, run.ID).Run.Status; got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestADeadRunIsSeenWhereItCannotBeWritten(t *testing.T) {
	store := &moody{open(t), func() mood { return refuses }}
	run := storetest.NewRun(t, "dead")
	run.Owner, run.Heartbeat = &tracker.Owner{PID: 1 << 30, Born: 1, Boot: "another"}, time.Now().Add(-time.Hour)
	if err := store.CreateRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	all, err := runs.List(t.Context(), store, tracker.RunFilter{Status: tracker.Crashed})
	if err != nil || len(all) != 1 || all[0].Run.Status != tracker.Crashed {
		t.Errorf("got %v, %v", all, err)
	}
}
