package cli_test

import (
	"strings"
	"testing"
)

func TestLaunchStartsThisCommandOnceARank(t *testing.T) {
	paperlab := install(t, "#!/bin/sh\necho \"$RANK of $WORLD_SIZE: $@\"\necho \"note of $RANK\" >&2\n")
	out, exit := call(paperlab, "launch", "-n", "2", "--", "train", "search", "--epochs", "2")
	for _, line := range []string{"0 of 2: train search --epochs 2\n", "note of 0\n", "[rank 1] note of 1\n"} {
		if exit != 0 || strings.Count(out, line) != 1 || strings.Contains(out, "1 of 2") {
			t.Errorf("exit %d, said %q, want %q", exit, out, line)
		}
	}
}

func TestLaunchSaysOnceWhatFailed(t *testing.T) {
	const last = "[ $RANK = 1 ] && exec kill -9 $$\ntrap 'exit 1' TERM\nwhile :; do sleep 0.01; done\n"
	killed := install(t, "#!/bin/sh\n"+last)
	out, exit := call(killed, "launch", "-n", "2", "--", "train", "search")
	const want = "paperlab: launch: rank 1 of 2 was ended from outside: signal: killed (the same command with --resume goes on from the last checkpoint; with --max-restarts 3 it does so by itself)\n"
	if exit != 1 || out != want {
		t.Errorf("exit %d, said %q, want %q", exit, out, want)
	}
	for name, args := range map[string][]string{
		"nothing to launch":     {"launch", "-n", "2"},
		"no dashes":             {"launch", "-n", "2", "train", "search", "--epochs", "1"},
		"something else":        {"launch", "--", "doctor"},
		"no process":            {"launch", "-n", "0", "--", "train", "search"},
		"restarts below nought": {"launch", "--max-restarts", "-1", "--", "train", "search"},
	} {
		t.Run(name, func(t *testing.T) {
			if out, exit := call(killed, args...); exit != 2 || strings.Count(out, "\n") != 1 || strings.Contains(out, "unknown flag") {
				t.Errorf("exit %d, said %q", exit, out)
			}
		})
	}
}
