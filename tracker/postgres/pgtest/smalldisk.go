package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// SmallDisk starts a server that has a database on a disk of so many megabytes, of which PostgreSQL's own tables take 8, and
// stops it with the test. It returns the database's address, and do, which runs statements in it. The test is skipped where the
// system lets nobody mount a disk.
func SmallDisk(t testing.TB, megabytes int) (address string, do func(statements string)) {
	t.Helper()
	s, err := prepare(installed(t))
	if err != nil {
		t.Fatal(err)
	}
	disk := filepath.Join(s.folder, "disk")
	if err := os.Mkdir(disk, 0o777); err != nil {
		t.Fatal(err)
	}
	s.main, err = onDisk(s.main, disk, megabytes)
	if err == nil {
		err = s.run()
	}
	if err != nil {
		err = errors.Join(err, os.RemoveAll(s.folder))
		if strings.Contains(err.Error(), "mount") || strings.Contains(err.Error(), "operation not permitted") {
			t.Skipf("NOTHING WAS TESTED: no small disk: %v; allow user namespaces (kernel.unprivileged_userns_clone)", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	})
	s.do(t, "postgres", fmt.Sprintf("CREATE TABLESPACE small LOCATION '%s'", disk))
	// The checkpoint writes the new database's tables, for which there is room now.
	s.do(t, "postgres", "CREATE DATABASE small TABLESPACE small; CHECKPOINT")
	return s.address("postgres", "small"), func(statements string) { t.Helper(); s.do(t, "small", statements) }
}

// onDisk returns a command that mounts a disk in memory over a folder, which only it sees, and becomes the server. To mount takes
// the rights of root, in a user namespace of its own; the server refuses to be root, and so has a second one.
func onDisk(server *exec.Cmd, folder string, megabytes int) (*exec.Cmd, error) {
	const script = `mount -t tmpfs -o size="$1"m none "$2" && shift 2 && exec unshare --user --map-user=1000 --map-group=1000 "$@"`
	sh, err := exec.LookPath("sh")
	if err != nil {
		return nil, err
	}
	args := append([]string{"-c", script, "sh", fmt.Sprint(megabytes), folder}, server.Args...)
	c := exec.Command(sh, args...)
	c.Dir, c.Env, c.Stderr = server.Dir, server.Env, server.Stderr
	uid, gid := os.Getuid(), os.Getgid()
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT, Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS}
	if uid == 0 {
		uid, gid = nobody, nobody
		c.SysProcAttr.Credential = &syscall.Credential{NoSetGroups: true}
	}
	c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
	c.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: gid, Size: 1}}
	return c, nil
}
