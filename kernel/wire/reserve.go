package wire

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// reserved names the environment variable that lists the sockets which a process inherits: "shell=3,iopub=4".
const reserved = "PAPERLAB_KERNEL_SOCKETS"

// Reserve opens the sockets of a connection for the program that is about to take the place of this one by exec; [Listen]
// finds them there. What clients send until then waits in the system's queues. A client that finds no socket would try
// again only after a tenth of a second or two.
func Reserve(connection Connection) error {
	var list []string
	for name, port := range connection.ports() {
		listener, err := connection.listen(port)
		if err != nil {
			return fmt.Errorf("open socket %s: %w", name, err)
		}
		fd, err := keepOpen(listener)
		if err != nil {
			return fmt.Errorf("hand over socket %s: %w", name, err)
		}
		list = append(list, fmt.Sprintf("%s=%d", name, fd))
	}
	return os.Setenv(reserved, strings.Join(list, ","))
}

// keepOpen returns a descriptor of a listener that an exec leaves open, and which nobody closes before.
func keepOpen(listener net.Listener) (fd int, err error) {
	conn, err := listener.(syscall.Conn).SyscallConn()
	if err != nil {
		return 0, err
	}
	controlErr := conn.Control(func(own uintptr) { fd, err = unix.FcntlInt(own, unix.F_DUPFD, 3) })
	if controlErr != nil {
		return 0, controlErr
	}
	return fd, err
}

// inherit returns the sockets that [Reserve] opened, by name, and keeps child processes from inheriting them too.
func inherit() (map[string]net.Listener, error) {
	list := os.Getenv(reserved)
	if err := os.Unsetenv(reserved); err != nil {
		return nil, err
	}
	listeners := map[string]net.Listener{}
	for entry := range strings.SplitSeq(list, ",") {
		name, number, ok := strings.Cut(entry, "=")
		if !ok {
			continue
		}
		fd, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("%s=%q: %w", reserved, list, err)
		}
		file := os.NewFile(uintptr(fd), name)
		listener, err := net.FileListener(file) // of a copy that no exec leaves open
		if err != nil {
			return nil, fmt.Errorf("take over socket %s: %w", name, err)
		}
		if err := file.Close(); err != nil {
			return nil, fmt.Errorf("take over socket %s: %w", name, err)
		}
		listeners[name] = listener
	}
	return listeners, nil
}
