package tracker

import "fmt"

// Status is how far a run has come.
type Status string

// The states of a run. A run is created running. Finished, failed and killed are said by whoever ends it; crashed is
// found out by others, when the process that owned the run is gone.
const (
	Running  Status = "running"
	Finished Status = "finished"
	Failed   Status = "failed"
	Killed   Status = "killed"
	Crashed  Status = "crashed"
)

// ParseStatus returns the status of that name, or an error that lists the names.
func ParseStatus(name string) (Status, error) {
	switch s := Status(name); s {
	case Running, Finished, Failed, Killed, Crashed:
		return s, nil
	}
	return "", fmt.Errorf("%w status %q: want running, finished, failed, killed or crashed", ErrInvalid, name)
}

// Ended reports whether the run is over.
func (s Status) Ended() bool { return s != Running }
