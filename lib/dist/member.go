package dist

import (
	"errors"
	"fmt"
	"strconv"
)

// Member is a process's place among those that train together.
type Member struct {
	Rank, Size int    // of all processes
	LocalRank  int    // of those on this machine
	Host       string // of the store by which the ranks find each other
	Port       int
	Served     bool   // somebody else serves the store (torchrun, paperlab launch); else rank 0 does
	Attempt    int    // how often all processes were started anew
	Interface  string // network interface that the ranks talk over, empty for that of the machine's name
}

// ErrEnvironment is in the chain of the error about variables that are wrong or missing.
var ErrEnvironment = errors.New("the environment of a process among several is not whole (torchrun and paperlab launch set it)")

// FromVariables reads a member from environment variables, as torchrun sets them: RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR,
// MASTER_PORT, TORCHELASTIC_USE_AGENT_STORE, TORCHELASTIC_RESTART_COUNT, GLOO_SOCKET_IFNAME. Without WORLD_SIZE, or where it is 1, the
// process is alone: rank 0 of 1. lookup is os.LookupEnv.
func FromVariables(lookup func(string) (string, bool)) (Member, error) {
	if size, set := lookup("WORLD_SIZE"); !set || size == "1" {
		return Member{Size: 1}, nil
	}
	var m Member
	var wrong []error
	number := func(name string, into *int, least int, needed bool) {
		text, set := lookup(name)
		if !set && !needed {
			return
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < least {
			wrong = append(wrong, fmt.Errorf("dist: %s=%q: a number of at least %d is needed", name, text, least))
		}
		*into = n
	}
	number("WORLD_SIZE", &m.Size, 1, true)
	number("RANK", &m.Rank, 0, true)
	number("LOCAL_RANK", &m.LocalRank, 0, false)
	number("MASTER_PORT", &m.Port, 1, true)
	number("TORCHELASTIC_RESTART_COUNT", &m.Attempt, 0, false)
	if m.Host, _ = lookup("MASTER_ADDR"); m.Host == "" {
		wrong = append(wrong, errors.New("dist: MASTER_ADDR is empty: the address of rank 0's machine is needed"))
	}
	if len(wrong) == 0 && m.Rank >= m.Size {
		wrong = append(wrong, fmt.Errorf("dist: RANK=%d of WORLD_SIZE=%d: ranks are counted from 0", m.Rank, m.Size))
	}
	if len(wrong) > 0 {
		return Member{}, errors.Join(append(wrong, ErrEnvironment)...)
	}
	served, _ := lookup("TORCHELASTIC_USE_AGENT_STORE")
	m.Served = served == "True"
	m.Interface, _ = lookup("GLOO_SOCKET_IFNAME")
	return m, nil
}
