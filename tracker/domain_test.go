package tracker_test

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
)

type precision int

func (p precision) String() string { return "bf16" }

func TestParamsAreTyped(t *testing.T) {
	three, none := 3, (*int)(nil)
	for name, c := range map[string]struct{ in, want any }{
		"int":           {7, int64(7)},
		"uint8":         {uint8(7), int64(7)},
		"float32":       {float32(0.1), 0.1},
		"float64":       {5e-5, 5e-5},
		"whole float":   {2.0, 2.0},
		"infinity":      {math.Inf(1), math.Inf(1)},
		"bool":          {true, true},
		"string":        {"t5\xff", "t5\uFFFD"},
		"duration":      {90 * time.Second, "1m30s"},
		"time":          {time.Unix(0, 0).UTC(), "1970-01-01T00:00:00Z"},
		"stringer":      {precision(1), "bf16"},
		"pointer":       {&three, int64(3)},
		"nil pointer":   {none, nil},
		"nil":           {nil, nil},
		"list":          {[]int{1, 2}, []any{1.0, 2.0}},
		"struct":        {struct{ A string }{"x"}, map[string]any{"A": "x"}},
		"nil interface": {error(nil), nil},
	} {
		params, err := tracker.NewParams(map[string]any{"p": c.in})
		if err != nil || !reflect.DeepEqual(params["p"], c.want) {
			t.Errorf("%s: got %#v, %v; want %#v", name, params["p"], err, c.want)
			continue
		}
		kind, text, err := tracker.EncodeParam(params["p"])
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if again, err := tracker.DecodeParam(kind, text); err != nil || !reflect.DeepEqual(again, c.want) {
			t.Errorf("%s: %s %q came back as %#v, %v", name, kind, text, again, err)
		}
	}
}

func TestParamsThatCannotBeKeptAreRefused(t *testing.T) {
	for name, value := range map[string]any{
		"function": func() {}, "channel": make(chan int), "too large": uint64(math.MaxUint64), "NaN in a list": []float64{math.NaN()},
	} {
		if _, err := tracker.NewParams(map[string]any{"p": value}); !errors.Is(err, tracker.ErrInvalid) || !strings.Contains(err.Error(), "parameter p") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := tracker.NewParams(map[string]any{"": 1}); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("empty key: got %v", err)
	}
}

func TestID(t *testing.T) {
	entropy := bytes.NewReader(make([]byte, 20))
	earlier, err1 := tracker.NewID(time.UnixMilli(1_000), entropy)
	later, err2 := tracker.NewID(time.UnixMilli(2_000), entropy)
	if err := errors.Join(err1, err2); err != nil || earlier != "00000000z80000000000000000" || later <= earlier {
		t.Errorf("got %s, %s, %v", earlier, later, err)
	}
	if _, err := tracker.NewID(time.UnixMilli(0), entropy); err == nil {
		t.Error("without entropy there must be no ID")
	}
	if id, err := tracker.ParseID(strings.ToUpper(earlier)); err != nil || id != earlier {
		t.Errorf("upper case: got %s, %v", id, err)
	}
	for _, bad := range []string{"", earlier + "0", earlier[1:], "u" + earlier[1:], "../../../../../../etc/passw"} {
		if _, err := tracker.ParseID(bad); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func TestStatus(t *testing.T) {
	for name, ended := range map[string]bool{"running": false, "finished": true, "failed": true, "killed": true, "crashed": true} {
		if s, err := tracker.ParseStatus(name); err != nil || string(s) != name || s.Ended() != ended {
			t.Errorf("%s: got %s, ended %v, %v", name, s, s.Ended(), err)
		}
	}
	if _, err := tracker.ParseStatus("FINISHED"); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestContext(t *testing.T) {
	labels := map[string]string{"rank": "1", "data set": "a&b=c", "\u00e9": ""}
	context := tracker.NewContext(labels)
	if got, err := context.Labels(); err != nil || !reflect.DeepEqual(got, labels) {
		t.Errorf("%s: got %v, %v", context, got, err)
	}
	if tracker.NewContext(nil) != "" {
		t.Error("no labels must give the empty context")
	}
	for _, bad := range []tracker.Context{"b=1&a=1", "a", "a=1&a=2", "a=%", "a;b"} {
		if _, err := bad.Labels(); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "plain", "\u00e9\uFFFD": "\u00e9\uFFFD", "a\xff\xfeb": "a\uFFFD\uFFFDb", "\xe2\x82": "\uFFFD\uFFFD", "a\x00": "a\uFFFD",
	} {
		if got := tracker.CleanText(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestErrorSaysWhatOnWhatAndWhy(t *testing.T) {
	err := error(&tracker.Error{Op: "log to run", On: "x", Err: tracker.ErrFull, Advice: "make room"})
	if err.Error() != "log to run x: no space left" || !errors.Is(err, tracker.ErrFull) {
		t.Errorf("got %v", err)
	}
	var hinted interface{ Hint() string }
	if !errors.As(err, &hinted) || hinted.Hint() != "make room" {
		t.Errorf("got %v", hinted)
	}
	if got := (&tracker.Error{Op: "search", Err: tracker.ErrBusy}).Error(); got != "search: locked by another process" {
		t.Errorf("got %q", got)
	}
}
