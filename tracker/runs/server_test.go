package runs_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/postgres/pgtest"
	"paperlab/tracker/runs"
)

// line stands between a store and its server, and can be cut.
type line struct {
	path, server string // sockets

	mu          sync.Mutex
	listener    net.Listener
	connections []net.Conn
	forwards    sync.WaitGroup
}

// newLine returns the address of a database behind a line.
func newLine(t *testing.T) (*line, string) {
	t.Helper()
	const socket = ".s.PGSQL.5432"
	address, err := url.Parse(pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	l := &line{path: filepath.Join(t.TempDir(), socket), server: filepath.Join(query.Get("host"), socket)}
	l.join(t)
	t.Cleanup(l.cut)
	query.Set("host", filepath.Dir(l.path))
	address.RawQuery = query.Encode()
	return l, address.String()
}

// join lets clients through.
func (l *line) join(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("unix", l.path)
	if err != nil {
		t.Fatal(err)
	}
	l.listener = listener
	l.forwards.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", l.server)
			if err != nil {
				t.Error(err)
				return
			}
			l.mu.Lock()
			l.connections = append(l.connections, client, server)
			l.mu.Unlock()
			l.forwards.Go(func() { io.Copy(client, server); client.Close() })
			l.forwards.Go(func() { io.Copy(server, client); server.Close() })
		}
	})
}

// cut ends all connections, and lets none through, as a server that was stopped.
func (l *line) cut() {
	l.listener.Close()
	l.mu.Lock()
	for _, connection := range l.connections {
		connection.Close()
	}
	l.connections = nil
	l.mu.Unlock()
	l.forwards.Wait()
}

func TestARunOutlivesItsServersAbsence(t *testing.T) {
	files := inOwnFolder(t)
	line, address := newLine(t)
	store, err := runs.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	now := time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)
	run, err := runs.Start(t.Context(), store, runs.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	log := func(step int64, want error) {
		t.Helper()
		if err := run.Log(t.Context(), step, map[string]float64{"x": 1}); !errors.Is(err, want) {
			t.Errorf("step %d: got %v, want %v", step, err, want)
		}
	}
	log(1, nil)
	line.cut()
	log(2, runs.ErrSpooled)
	now = now.Add(time.Hour)
	log(3, runs.ErrSpooled)
	line.join(t)
	now = now.Add(time.Hour)
	log(4, nil)
	line.cut()
	log(5, runs.ErrSpooled)
	if err := run.Finish(t.Context(), tracker.Finished); !errors.Is(err, runs.ErrSpooled) {
		t.Errorf("finish: got %v", err)
	}
	line.join(t)
	if err := start(t, store, runs.Options{}).Finish(t.Context(), tracker.Finished); err != nil { // the next start
		t.Error(err)
	}
	if got := steps(t, store, run.ID(), "x"); !reflect.DeepEqual(got, []int64{1, 2, 3, 4, 5}) {
		t.Errorf("steps %v", got)
	}
	if r := get(t, store, run.ID()).Run; r.Status != tracker.Finished || !r.Ended.Equal(now) {
		t.Errorf("got %+v", r)
	}
	if left := files(); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestARunOutlivesItsServersFullDisk(t *testing.T) {
	inOwnFolder(t)
	address, do := pgtest.SmallDisk(t, 24)
	store, err := runs.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	do("CREATE TABLE other AS SELECT n, repeat('x', 500) FROM generate_series(1, 8000) AS n") // 4 MB that can be dropped
	run := start(t, store, runs.Options{Warn: func(error) {}})
	logged, refused := int64(0), 0
	for random := rand.New(rand.NewPCG(1, 2)); refused < 3; logged++ {
		text := make([]byte, 30_000)
		for i := range text {
			text[i] = byte(' ' + random.IntN(95)) // hard to compress
		}
		switch err := run.Text(t.Context(), "t", logged, string(text)); {
		case errors.Is(err, runs.ErrSpooled) && errors.Is(err, tracker.ErrFull):
			refused++
		case err != nil:
			t.Fatal(err)
		case refused > 0:
			t.Fatal("there was room after all")
		case logged > 1000:
			t.Fatal("30 MB fit on a disk of 24")
		}
	}
	if err := run.Finish(t.Context(), tracker.Finished); !errors.Is(err, tracker.ErrFull) {
		t.Errorf("finish: got %v", err)
	}
	do("DROP TABLE other")
	if err := start(t, store, runs.Options{}).Finish(t.Context(), tracker.Finished); err != nil { // the next start
		t.Error(err)
	}
	texts, err := store.Texts(t.Context(), run.ID(), "t")
	if err != nil || int64(len(texts)) != logged {
		t.Fatalf("%d texts, %v; %d were logged", len(texts), err, logged)
	}
	for i, text := range texts {
		if text.Step != int64(i) {
			t.Fatalf("text %d is of step %d", i, text.Step)
		}
	}
}
