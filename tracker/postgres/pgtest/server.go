package pgtest

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// server is a running PostgreSQL.
type server struct {
	home   string // of the programs
	folder string // of the data and the socket
	errors *waiting
	main   *exec.Cmd
	ended  chan error
}

// nobody owns the server where the tests run as root.
const nobody = 65534

// start starts a server of its own in a temporary folder.
func start(home string) (_ *server, err error) {
	s, err := prepare(home)
	if err != nil {
		return nil, err
	}
	if err := s.run(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	return s, nil
}

// prepare makes a cluster in a temporary folder, and the command that serves it. What that writes need not survive a crash of
// the machine.
func prepare(home string) (_ *server, err error) {
	// A short path: that of a socket is limited to 107 bytes.
	folder, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s := &server{home: home, folder: folder, errors: &waiting{words: []byte("ready to accept connections"), seen: make(chan struct{})}}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}()
	if os.Getuid() == 0 {
		if err := s.dropPrivileges(); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(folder, "data")
	initialize := s.command("initdb", "--pgdata", data, "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
	if output, err := initialize.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, output)
	}
	if err := os.WriteFile(filepath.Join(data, "pg_hba.conf"), []byte("local all guarded scram-sha-256\nlocal all all trust\n"), 0o644); err != nil {
		return nil, err
	}
	s.main = s.command("postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "max_connections=200",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "log_min_messages=warning")
	s.main.Stderr = s.errors
	return s, nil
}

// dropPrivileges makes the folder nobody's, with a copy of the programs: root's cache may be closed to others.
func (s *server) dropPrivileges() error {
	home := filepath.Join(s.folder, "postgres")
	if err := os.CopyFS(home, os.DirFS(s.home)); err != nil {
		return err
	}
	s.home = home
	return errors.Join(os.Chmod(s.folder, 0o755), os.Chown(s.folder, nobody, nobody))
}

// command is one of PostgreSQL's programs. It ends with this process.
func (s *server) command(name string, args ...string) *exec.Cmd {
	command := exec.Command(filepath.Join(s.home, "bin", name), args...)
	command.Dir = s.folder
	command.Env = append(os.Environ(), "LD_LIBRARY_PATH="+filepath.Join(s.home, "lib"), "LC_ALL=C")
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() == 0 {
		command.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	return command
}

// do runs statements in a database.
func (s *server) do(t testing.TB, database, statements string) {
	t.Helper()
	psql := s.command("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--host", s.folder, "--username", "postgres", database)
	psql.Stdin = strings.NewReader(statements)
	if output, err := psql.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", statements, err, output)
	}
}

// address is that of a database for a user.
func (s *server) address(user, database string) string {
	query := url.Values{"host": {s.folder}}
	return (&url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + database, RawQuery: query.Encode()}).String()
}

// run starts the server and waits until it serves.
func (s *server) run() error {
	if err := s.main.Start(); err != nil {
		return err
	}
	s.ended = make(chan error, 1)
	go func() { s.ended <- s.main.Wait() }()
	select {
	case <-s.errors.seen:
		return nil
	case err := <-s.ended:
		return fmt.Errorf("postgres ended: %w\n%s", err, s.errors)
	}
}

// stop ends the server, and the connections to it, at once.
func (s *server) stop() error {
	err := s.main.Process.Signal(syscall.SIGINT)
	if err == nil {
		err = <-s.ended
	}
	if err != nil {
		err = fmt.Errorf("postgres stopped: %w\n%s", err, s.errors)
	}
	return errors.Join(err, os.RemoveAll(s.folder))
}
