package interp

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
)

// stackHead is the line that begins a goroutine's stack: goroutine 7 [sync.Mutex.Lock, 2 minutes]:
var stackHead = regexp.MustCompile(`^goroutine \d+ (?:gp=\S+ m=\S+ )?(?:mp=\S+ )?\[([^,\]]+)`)

// parked says where a goroutine is, as well as its stack tells.
func parked(id uint64) string {
	stack := stackOf(id)
	m := stackHead.FindStringSubmatch(stack)
	if m == nil {
		return "it does not stop"
	}
	state := m[1]
	switch {
	case strings.Contains(stack, "runtime.cgocall"):
		return "it is in a call of C code (" + outermostC(stack) + ")"
	case state == "running" || state == "runnable":
		return "it is busy in compiled code"
	case state == "syscall":
		return "it waits in a system call"
	}
	return "it waits in " + state
}

// waitsForLock says whether a goroutine waits in a lock, a wait group or the like that the cell itself asked for. No
// interrupt ends that; compiled code that waits so on a cell's behalf may be about to come to its end.
func waitsForLock(id uint64) (waits bool) {
	for line := range strings.Lines(stackOf(id)) {
		switch {
		case strings.HasPrefix(line, "sync."):
			waits = true
		case strings.HasPrefix(line, "paperlab/kernel/interp/exec."):
			return waits
		case strings.HasPrefix(line, "goroutine "), strings.HasPrefix(line, "\t"), strings.HasPrefix(line, "runtime."),
			strings.HasPrefix(line, "internal/sync."), strings.HasPrefix(line, "reflect."):
		default:
			return false
		}
	}
	return false
}

// stackOf is the stack of one goroutine.
func stackOf(id uint64) string {
	buffer := make([]byte, 1<<20)
	buffer = buffer[:runtime.Stack(buffer, true)]
	head := fmt.Sprintf("goroutine %d ", id)
	for _, stack := range strings.Split(string(buffer), "\n\n") {
		if strings.HasPrefix(stack, head) {
			return stack
		}
	}
	return ""
}

// outermostC is the Go function that calls C: the first behind cgo's own on the stack.
func outermostC(stack string) string {
	for line := range strings.Lines(stack) {
		name, _, call := strings.Cut(strings.TrimSpace(line), "(")
		if !call || strings.HasPrefix(name, "goroutine") || strings.HasPrefix(name, "runtime.") || strings.Contains(name, "_Cfunc_") || strings.HasPrefix(name, "/") {
			continue
		}
		return name
	}
	return "cgo"
}
