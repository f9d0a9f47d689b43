// Package pgtest runs a throw-away PostgreSQL server for the tests of a package, with the extension pgvector. It brings
// its own: what `make setup` linked to .build/postgres.
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
//	func TestSomething(t *testing.T) {
//		address := pgtest.Database(t) // postgres://..., an empty database
//	}
//
// The server starts with the first test that asks for a database, as an unprivileged user where the tests run as root
// (PostgreSQL refuses it), in a temporary folder, on a socket in there, and is stopped by Main.
package pgtest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// Main runs the tests of a package, stops the server that they started, and returns the exit code.
func Main(m *testing.M) int {
	code := m.Run()
	if err := Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		code = max(code, 1)
	}
	return code
}

// Stop stops the server of this process, if it was started. Processes that a test starts and that use its server need
// not call it.
func Stop() error {
	if shared.server == nil {
		return nil
	}
	return shared.server.stop()
}

// One server serves all tests of a process.
var shared struct {
	once   sync.Once
	server *server
	err    error
	count  atomic.Int64
}

// Database makes an empty database and returns its address. It skips the test where there is no PostgreSQL.
func Database(t testing.TB) (address string) {
	t.Helper()
	name := fmt.Sprintf("test%d", shared.count.Add(1))
	Do(t, "postgres", "CREATE DATABASE "+name)
	return Address(t, "postgres", name)
}

// Address returns the address of a database of the server, for a user: "postgres" may do everything without a password,
// "guarded" is to give one.
func Address(t testing.TB, user, database string) string {
	t.Helper()
	return running(t).address(user, database)
}

// Do runs statements in a database of the server.
func Do(t testing.TB, database, statements string) {
	t.Helper()
	running(t).do(t, database, statements)
}

// running returns the server, started if need be.
func running(t testing.TB) *server {
	t.Helper()
	home := installed(t)
	shared.once.Do(func() { shared.server, shared.err = start(home) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server
}

// installed returns the folder that holds PostgreSQL's bin, lib and share. It skips the test where there is none.
func installed(t testing.TB) (home string) {
	t.Helper()
	home, err := installation()
	if err != nil {
		t.Skipf("no PostgreSQL here: %v; make setup brings it", err)
	}
	return home
}

func installation() (string, error) {
	_, self, _, _ := runtime.Caller(0)
	home, err := filepath.EvalSymlinks(filepath.Join(filepath.Dir(self), "..", "..", "..", ".build", "postgres"))
	if err != nil {
		return "", err
	}
	_, err = os.Stat(filepath.Join(home, "bin", "postgres"))
	return home, err
}

// waiting passes on when a line with these words was written.
type waiting struct {
	words []byte
	seen  chan struct{}

	mu  sync.Mutex
	log bytes.Buffer
}

// Write keeps what the server says.
func (w *waiting) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := bytes.Contains(w.log.Bytes(), w.words)
	w.log.Write(p)
	if !before && bytes.Contains(w.log.Bytes(), w.words) {
		close(w.seen)
	}
	return len(p), nil
}

func (w *waiting) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log.String()
}
