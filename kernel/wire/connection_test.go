package wire_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/kernel/wire"
)

func TestConnectionFiles(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want string // part of the error, none if empty
	}{
		"as Jupyter writes it":      {`{"shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5,"ip":"127.0.0.1","key":"k","transport":"tcp","signature_scheme":"hmac-sha256","kernel_name":"paperlab"}`, ""},
		"only ports":                {`{"shell_port":1}`, ""},
		"a scheme without a key":    {`{"key":"","signature_scheme":""}`, ""},
		"not JSON":                  {`shell_port: 1`, "invalid character"},
		"another scheme":            {`{"key":"k","signature_scheme":"hmac-md5"}`, `signature_scheme "hmac-md5": want hmac-sha256`},
		"another transport":         {`{"transport":"udp"}`, `transport "udp": want tcp or ipc`},
		"a port that is none":       {`{"shell_port":70000}`, "shell_port 70000: want a port"},
		"a port in quotation marks": {`{"shell_port":"1"}`, "shell_port"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "kernel.json")
			if err := os.WriteFile(path, []byte(c.file), 0o600); err != nil {
				t.Fatal(err)
			}
			connection, err := wire.ReadConnection(path)
			if c.want == "" && (err != nil || connection.Transport != "tcp" || connection.IP != "127.0.0.1") {
				t.Errorf("%+v, %v", connection, err)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path)) {
				t.Errorf("%v, want %s and the path in it", err, c.want)
			}
		})
	}
	if _, err := wire.ReadConnection(filepath.Join(t.TempDir(), "none.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want %v", err, fs.ErrNotExist)
	}
}
