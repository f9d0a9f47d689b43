package tee_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"paperlab/tracker/tee"
)

// seen is what was emitted.
type seen struct {
	mu   sync.Mutex
	text map[string]string
}

func (s *seen) emit(stream string, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.text == nil {
		s.text = map[string]string{}
	}
	s.text[stream] += string(text)
}

// TestMain lets this binary play programs whose streams are watched; what was emitted comes behind their own output.
func TestMain(m *testing.M) {
	play := map[string]func(){
		"talk": func() {
			fmt.Println("out")
			fmt.Fprintln(os.Stderr, "err")
			child := exec.Command("sh", "-c", "echo child; tput cols 2>/dev/null; [ -t 1 ] && echo terminal")
			child.Stdout, child.Stderr = os.Stdout, os.Stderr
			_ = child.Run()
		},
		"large": func() { fmt.Print(strings.Repeat("0123456789abcdef", 1<<16)) },
		"leave": func() { _ = exec.Command("sleep", "10").Start(); child("sleep 10 &") },
		"crash": func() { panic("the end") },
	}[os.Getenv("TEE_TEST_PLAY")]
	if play == nil {
		os.Exit(m.Run())
	}
	var s seen
	t, err := tee.Start(s.emit)
	if err != nil {
		panic(err)
	}
	play()
	if err := t.Stop(); err != nil {
		panic(err)
	}
	fmt.Printf("emitted %q %q\n", shorten(s.text[tee.Stdout]), shorten(s.text[tee.Stderr]))
}

func child(command string) {
	c := exec.Command("sh", "-c", command)
	c.Stdout = os.Stdout
	_ = c.Run()
}

func shorten(text string) string {
	if len(text) > 1000 {
		return fmt.Sprintf("%s... %d bytes", text[:16], len(text))
	}
	return text
}

func program(t *testing.T, play string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), "/proc/self/exe")
	command.Env = append(os.Environ(), "TEE_TEST_PLAY="+play)
	return command
}

func TestWhatIsWrittenGoesWhereItWentAndIsEmitted(t *testing.T) {
	command := program(t, "talk")
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatal(err)
	}
	out, emitted, _ := strings.Cut(stdout.String(), "emitted ")
	if out != "out\nchild\n80\n" && out != "out\nchild\n" || stderr.String() != "err\n" {
		t.Errorf("printed %q %q", out, stderr.String())
	}
	if want := fmt.Sprintf("%q %q\n", out, "err\n"); emitted != want {
		t.Errorf("emitted %s, want %s", emitted, want)
	}
}

func TestMoreThanAPipeHoldsIsEmittedWhole(t *testing.T) {
	out, err := program(t, "large").Output()
	if err != nil || len(out) < 1<<20 || !strings.HasSuffix(string(out), `emitted "0123456789abcdef... 1048576 bytes" ""`+"\n") {
		t.Errorf("%d bytes, %v", len(out), err)
	}
}

func TestACrashIsSeenByWhoWatchesTheProcess(t *testing.T) {
	command := program(t, "crash")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	if err := command.Run(); err == nil || !strings.Contains(stderr.String(), "panic: the end") {
		t.Errorf("got %v, %q", err, stderr.String())
	}
}

func TestATerminalStaysOne(t *testing.T) {
	master, slave := terminal(t, 100)
	command := program(t, "talk")
	command.Stdout, command.Stderr = slave, slave
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	slave.Close()
	out, err := io.ReadAll(master)
	if err != nil && !errors.Is(err, unix.EIO) { // that is how a terminal ends
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Fatal(err)
	}
	said := strings.ReplaceAll(string(out), "\r\n", "\n")
	// The two streams come in their own order each, and in any to each other.
	output := strings.Replace(said, "err\n", "", 1)
	if !strings.Contains(output, "child\n100\nterminal\n") && !strings.Contains(output, "child\nterminal\n") {
		t.Errorf("the child saw no terminal of 100 columns: %q", said)
	}
	if !strings.Contains(said, `"err\n"`) {
		t.Errorf("the emitted text is not what was written: %q", said)
	}
}

// terminal makes a terminal of so many columns.
func terminal(t *testing.T, columns uint16) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("NOTHING WAS TESTED: no terminals here:", err)
	}
	t.Cleanup(func() { master.Close() })
	number, err1 := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	err2 := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0)
	slave, err3 := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Skip("NOTHING WAS TESTED: no terminals here:", err)
	}
	if err := unix.IoctlSetWinsize(int(master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	return master, slave
}

func TestAChildThatStaysDoesNotHoldTheProcess(t *testing.T) {
	command := program(t, "leave")
	var stdout bytes.Buffer
	pipe, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 1000)
	n, err := pipe.Read(buffer)
	stdout.Write(buffer[:n])
	if err != nil || stdout.String() != `emitted "" ""`+"\n" {
		t.Errorf("got %q, %v", stdout.String(), err)
	}
	if err := command.Wait(); err != nil {
		t.Error(err)
	}
}

func TestThereIsOneAtATime(t *testing.T) {
	first, err := tee.Start(func(string, []byte) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tee.Start(func(string, []byte) {}); !errors.Is(err, tee.ErrBusy) {
		t.Errorf("got %v", err)
	}
	for range 2 {
		if err := first.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	second, err := tee.Start(func(string, []byte) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Stop(); err != nil {
		t.Error(err)
	}
}
