package tee

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// openTerminal makes a pseudo-terminal (pty(7)) of that size, which hands on what is written as it is: the real terminal behind it does
// what terminals do.
func openTerminal(size *unix.Winsize) (reader, writer *os.File, err error) {
	// Non-blocking, so that a read of it can be given up.
	master, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("make a terminal: %w", err)
	}
	reader = os.NewFile(uintptr(master), "terminal")
	number, err := unix.IoctlGetInt(master, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(master, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		writer, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("make a terminal: %w", err), reader.Close())
	}
	if err := prepare(int(writer.Fd()), size); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("make a terminal: %w", err), writer.Close(), reader.Close())
	}
	return reader, writer, nil
}

func prepare(fd int, size *unix.Winsize) error {
	settings, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	settings.Oflag &^= unix.OPOST
	settings.Lflag &^= unix.ECHO | unix.ICANON | unix.ISIG
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, settings); err != nil {
		return err
	}
	return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, size)
}
