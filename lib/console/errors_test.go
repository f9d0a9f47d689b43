package console_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"paperlab/lib/console"
)

var errFull = errors.New("save checkpoint: disk full")

// foreign is an error of a package that does not know console.
type foreign struct{}

func (foreign) Error() string { return "open index: wrong version" }
func (foreign) Usage() bool   { return true }
func (foreign) Hint() string  { return "build it again" }

func TestExitCodesAndReports(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		code int
		want string
	}{
		"nothing":               {nil, 0, ""},
		"a failure":             {errFull, 1, "paperlab: save checkpoint: disk full\n"},
		"a failure with a hint": {console.Hint(errFull, "free 300 MB"), 1, "paperlab: save checkpoint: disk full (free 300 MB)\n"},
		"an empty hint":         {console.Hint(errFull, ""), 1, "paperlab: save checkpoint: disk full\n"},
		"the outer of two hints": {console.Hint(fmt.Errorf("train: %w", console.Hint(errFull, "inner")), "outer"), 1,
			"paperlab: train: save checkpoint: disk full (outer)\n"},
		"misuse":                   {console.Usage(errors.New("no papers given")), 2, "paperlab: no papers given\n"},
		"misuse, wrapped":          {fmt.Errorf("eval: %w", console.Usage(errFull)), 2, "paperlab: eval: save checkpoint: disk full\n"},
		"misuse with a hint":       {console.Usage(console.Hint(errFull, "h")), 2, "paperlab: save checkpoint: disk full (h)\n"},
		"another package's error":  {fmt.Errorf("search: %w", foreign{}), 2, "paperlab: search: open index: wrong version (build it again)\n"},
		"an interrupt":             {fmt.Errorf("train: epoch 2: %w", context.Canceled), 1, "paperlab: train: epoch 2: interrupted\n"},
		"two errors":               {errors.Join(errFull, errors.New("close")), 1, "paperlab: save checkpoint: disk full; close\n"},
		"control characters":       {errors.New("open \x1b[31mred\r.txt\n"), 1, "paperlab: open  [31mred .txt\n"},
		"bytes that are not UTF-8": {errors.New("open \xff\xfe"), 1, "paperlab: open \ufffd\ufffd\n"},
		"nil marked as misuse":     {console.Usage(nil), 0, ""},
		"nil with a hint":          {console.Hint(nil, "h"), 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if code := console.Exit(c.err); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			var b strings.Builder
			if console.Report(&b, c.err); b.String() != c.want {
				t.Errorf("report %q, want %q", b.String(), c.want)
			}
		})
	}
}

func TestMarksKeepTheErrorUnderThem(t *testing.T) {
	if err := console.Hint(console.Usage(errFull), "h"); !errors.Is(err, errFull) {
		t.Errorf("%v does not wrap %v", err, errFull)
	}
}
