package frame_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"paperlab/lib/corpus/frame"
)

const records = `{"id":"a","year":2007,"score":0.5,"tags":["x",  "y"],"open":true}
{"id":"b","year":2008,"score":null,"tags":null,"open":false}

{"id":"a","score":2,"extra":{"k":[1,2]}}
`

func read(t *testing.T, lines string) *frame.Frame {
	t.Helper()
	f, err := frame.Read(t.Context(), strings.NewReader(lines), 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// must fails the test on an error, so that a call's result can be used in place.
func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func checkEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s = %#v, want %#v", what, got, want)
	}
}

func TestColumnsStandInTheOrderOfFirstAppearance(t *testing.T) {
	f := read(t, records)
	checkEqual(t, "Columns", f.Columns(), []string{"id", "year", "score", "tags", "open", "extra"})
	checkEqual(t, "Len", f.Len(), 3)
}

func TestStringsAreTheTextsOfAllTypes(t *testing.T) {
	f := read(t, records)
	for column, want := range map[string][]string{
		"id":    {"a", "b", "a"},
		"year":  {"2007", "2008", ""},
		"score": {"0.5", "", "2"},
		"tags":  {`["x","y"]`, "", ""},
		"open":  {"true", "false", ""},
		"extra": {"", "", `{"k":[1,2]}`},
	} {
		checkEqual(t, column, must[[]string](t)(f.Strings(column)), want)
	}
}

func TestFloatsHaveNaNForNull(t *testing.T) {
	got := must[[]float64](t)(read(t, records).Floats("score"))
	if got[0] != 0.5 || !math.IsNaN(got[1]) || got[2] != 2 {
		t.Errorf("got %v", got)
	}
	_, err := read(t, records).Floats("id")
	if err == nil || !strings.Contains(err.Error(), `column "id" row 0 is "a": not a number`) {
		t.Errorf("error = %v", err)
	}
}

func TestUniqueKeepsTheOrderAndLeavesOutNull(t *testing.T) {
	f := read(t, `{"c":"z"}`+"\n"+`{"c":null}`+"\n"+`{"c":"a"}`+"\n"+`{"c":"z"}`)
	checkEqual(t, "Unique", must[[]string](t)(f.Unique("c")), []string{"z", "a"})
}

func TestHeadIsNoLongerThanTheTable(t *testing.T) {
	f := read(t, records)
	for n, want := range map[int]int{-1: 0, 0: 0, 2: 2, 3: 3, 100: 3} {
		checkEqual(t, "Len of Head", f.Head(n).Len(), want)
	}
	checkEqual(t, "ids", must[[]string](t)(f.Head(2).Strings("id")), []string{"a", "b"})
}

func TestSelectAndDropNA(t *testing.T) {
	f := read(t, records)
	selected := must[*frame.Frame](t)(f.Select("score", "id"))
	checkEqual(t, "Columns", selected.Columns(), []string{"score", "id"})

	complete := must[*frame.Frame](t)(selected.DropNA())
	checkEqual(t, "scores", must[[]string](t)(complete.Strings("score")), []string{"0.5", "2"})
	checkEqual(t, "rows left when a column is named", must[*frame.Frame](t)(f.DropNA("year")).Len(), 2)
	checkEqual(t, "columns left when a column is named", len(must[*frame.Frame](t)(f.DropNA("year")).Columns()), 6)
	checkEqual(t, "rows of the table itself", f.Len(), 3)
}

func TestMapChangesOneColumnOfACopy(t *testing.T) {
	f := read(t, records)
	mapped := must[*frame.Frame](t)(f.Map("year", func(s string) string { return "<" + s + ">" }))
	checkEqual(t, "mapped", must[[]string](t)(mapped.Strings("year")), []string{"<2007>", "<2008>", ""})
	checkEqual(t, "original", must[[]string](t)(f.Strings("year")), []string{"2007", "2008", ""})
	checkEqual(t, "other columns", must[[]string](t)(mapped.Strings("id")), []string{"a", "b", "a"})
}

func TestAColumnThatIsNotThereIsNamed(t *testing.T) {
	f := read(t, records)
	for name, call := range map[string]func() error{
		"Select":  func() error { _, err := f.Select("id", "none"); return err },
		"DropNA":  func() error { _, err := f.DropNA("none"); return err },
		"Map":     func() error { _, err := f.Map("none", strings.ToUpper); return err },
		"Strings": func() error { _, err := f.Strings("none"); return err },
		"Floats":  func() error { _, err := f.Floats("none"); return err },
		"Unique":  func() error { _, err := f.Unique("none"); return err },
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), `no column "none": there are id, year`) {
			t.Errorf("%s: error = %v", name, err)
		}
	}
}
