package dist_test

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"paperlab/lib/dist"
	"paperlab/lib/tensor"
)

func TestTheEnvironmentSaysWhoAProcessIs(t *testing.T) {
	whole := map[string]string{"RANK": "1", "WORLD_SIZE": "2", "LOCAL_RANK": "1", "MASTER_ADDR": "node0", "MASTER_PORT": "29500"}
	cases := map[string]struct {
		changes map[string]string
		want    dist.Member
		word    string // of the error
	}{
		"as torchrun sets it":    {nil, dist.Member{Rank: 1, Size: 2, LocalRank: 1, Host: "node0", Port: 29500}, ""},
		"with torchrun's store":  {map[string]string{"TORCHELASTIC_USE_AGENT_STORE": "True", "TORCHELASTIC_RESTART_COUNT": "3"}, dist.Member{Rank: 1, Size: 2, LocalRank: 1, Host: "node0", Port: 29500, Served: true, Attempt: 3}, ""},
		"alone":                  {map[string]string{"WORLD_SIZE": "1"}, dist.Member{Size: 1}, ""},
		"a rank that is none":    {map[string]string{"RANK": "2"}, dist.Member{}, "RANK=2 of WORLD_SIZE=2"},
		"no number":              {map[string]string{"RANK": "one"}, dist.Member{}, `RANK="one"`},
		"no address":             {map[string]string{"MASTER_ADDR": ""}, dist.Member{}, "MASTER_ADDR is empty"},
		"a port that is no port": {map[string]string{"MASTER_PORT": "-1"}, dist.Member{}, `MASTER_PORT="-1"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := dist.FromVariables(func(name string) (string, bool) {
				if value, changed := c.changes[name]; changed {
					return value, true
				}
				value, set := whole[name]
				return value, set
			})
			if got != c.want || (err == nil) != (c.word == "") || err != nil && !(strings.Contains(err.Error(), c.word) && errors.Is(err, dist.ErrEnvironment)) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	if alone, err := dist.FromVariables(func(string) (string, bool) { return "", false }); err != nil || alone != (dist.Member{Size: 1}) {
		t.Errorf("without any variables: %+v, %v", alone, err)
	}
}

func TestJoinRefusesWhatCannotBeHad(t *testing.T) {
	if _, err := dist.Join(t.Context(), dist.Member{Size: 1}, dist.Options{Backend: dist.NCCL, Device: tensor.CPU}); !errors.Is(err, dist.ErrBackend) {
		t.Errorf("NCCL: %v", err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	m := dist.Member{Size: 2, Host: "127.0.0.1", Port: taken.Addr().(*net.TCPAddr).Port}
	if _, err := dist.Join(t.Context(), m, dist.Options{}); err == nil || !strings.Contains(err.Error(), "MASTER_PORT") {
		t.Errorf("a port that is taken: %v", err)
	}
	m.Port = freePort(t)
	if _, err := dist.Join(t.Context(), m, dist.Options{Timeout: 200 * time.Millisecond}); !errors.Is(err, dist.ErrTimeout) {
		t.Errorf("nobody else comes: %v", err)
	}
}

func TestWhoDoesNotComeIsNamedInOneLine(t *testing.T) {
	env := append(variables(0, 2, freePort(t)), roleVariable+"=backend", "DIST_TEST_TIMEOUT=200ms")
	said, err := start(t, exec.CommandContext(t.Context(), os.Args[0]), env...).end(t)
	const want = "error: dist: rank 0 of 2: join: another rank did not join in time (200ms): rank 1 did not come: "
	if err == nil || !strings.HasPrefix(said, want) || strings.Count(said, "\n") != 1 {
		t.Errorf("%v, said\n%s", err, said)
	}
}
