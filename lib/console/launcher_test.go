package console_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/console"
)

// lost is an error whose cause another process knows.
type lost struct{ error }

func (lost) Consequence() bool { return true }

func TestALauncherIsToldInPlaceOfStandardError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "error")
	t.Setenv(console.ErrorFileVariable, path)
	var b strings.Builder
	console.Report(&b, lost{errors.New("another rank is gone")})
	if _, err := os.Stat(path); !os.IsNotExist(err) || b.Len() > 0 {
		t.Errorf("told of a consequence: %v, %q", err, b.String())
	}
	console.Report(&b, errFull)
	if said, err := os.ReadFile(path); err != nil || string(said) != "paperlab: save checkpoint: disk full\n" || b.Len() > 0 {
		t.Errorf("told %q, %v, and %q", said, err, b.String())
	}
	t.Setenv(console.ErrorFileVariable, filepath.Join(path, "not a folder"))
	if console.Report(&b, errFull); !strings.Contains(b.String(), "disk full") {
		t.Errorf("a file that cannot be written: %q", b.String())
	}
}

func TestTorchrunsReportHasTheError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "error.json")
	t.Setenv("TORCHELASTIC_ERROR_FILE", path)
	var b strings.Builder
	console.Report(&b, errFull)
	var report struct {
		Message   string
		Timestamp int64
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &report); err != nil || report.Message != "paperlab: save checkpoint: disk full" || report.Timestamp == 0 {
		t.Errorf("%s: %v", data, err)
	}
	if !strings.Contains(b.String(), "disk full") {
		t.Errorf("standard error has %q", b.String())
	}
}
