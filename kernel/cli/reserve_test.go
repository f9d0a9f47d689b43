package cli_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/kernel/cli"
	"paperlab/kernel/wire"
	"paperlab/kernel/wire/wiretest"
)

func TestTheKernelsSocketsAreOpenBeforeIt(t *testing.T) {
	connection := wiretest.Free(t)
	data, err := json.Marshal(connection)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kernel.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := cli.ReserveSockets(nil, []string{file}); err != nil {
		t.Fatal(err)
	}
	if err := cli.ReserveSockets(nil, []string{file}); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("again: %v, want the address in use", err)
	}
	sockets, err := wire.Listen(connection, slog.New(slog.DiscardHandler)) // as the process that comes next does
	if err != nil {
		t.Fatal(err)
	}
	sockets.Close()
}

func TestNothingIsOpenedForHelpOrMisuse(t *testing.T) {
	for _, args := range [][]string{nil, {"--help"}, {"a", "b"}} {
		if err := cli.ReserveSockets(nil, args); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
	if err := cli.ReserveSockets(nil, []string{"/nowhere/kernel.json"}); err == nil || !strings.Contains(err.Error(), "kernel run: read connection file") {
		t.Errorf("%v", err)
	}
}
