package tracker_test

import (
	"fmt"
	"io/fs"
	"math"
	"reflect"
	"testing"
	"unicode/utf8"

	"paperlab/tracker"
)

func FuzzContext(f *testing.F) {
	for _, seed := range []string{"", "rank=0", "a=1&b=%26", "b=1&a=1", "a=%zz", "=", "a;b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		labels, err := tracker.Context(text).Labels()
		if err == nil && string(tracker.NewContext(labels)) != text {
			t.Errorf("%q has labels %q, which make another context", text, labels)
		}
	})
}

func FuzzDecodeParam(f *testing.F) {
	for _, seed := range [][2]string{{"bool", "true"}, {"int", "-7"}, {"float", "1e309"}, {"float", "NaN"}, {"string", "x\xff"}, {"json", `{"a":[1,null]}`}, {"?", ""}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, kind, text string) {
		value, err := tracker.DecodeParam(kind, text)
		if err != nil {
			return
		}
		kind, text, err = tracker.EncodeParam(value)
		if err != nil {
			t.Fatal(err)
		}
		again, err := tracker.DecodeParam(kind, text)
		if f, ok := value.(float64); ok && math.IsNaN(f) {
			value, again = nil, nil
		}
		if err != nil || !reflect.DeepEqual(again, value) {
			t.Errorf("%#v came back as %#v, %v", value, again, err)
		}
	})
}

func FuzzArtifactName(f *testing.F) {
	for _, seed := range []string{"a/b", "..", "/a", `a\b`, "a\x00", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, err := tracker.CleanArtifactName(text)
		if err == nil && (!fs.ValidPath(name) || !utf8.ValidString(name)) {
			t.Errorf("%q became %q", text, name)
		}
	})
}

func FuzzDecodeRows(f *testing.F) {
	for _, seed := range []string{"[]", `[[1,1.0,1e5,"x",true,null,{"float":"NaN"}]]`, `[[{}]]`, `[[[1]]]`, "[[-]]", "null", `[[9223372036854775808]]`, "[null]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := tracker.DecodeRows(text)
		if err != nil {
			return
		}
		encoded, err := tracker.EncodeRows(rows)
		if err != nil {
			t.Fatal(err)
		}
		again, err := tracker.DecodeRows(encoded)
		if err != nil || fmt.Sprintf("%#v", again) != fmt.Sprintf("%#v", rows) {
			t.Errorf("%#v came back as %#v, %v", rows, again, err)
		}
	})
}
