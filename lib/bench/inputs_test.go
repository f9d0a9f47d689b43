package main

import (
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/rouge"
)

func TestWindowsBeginAnewWhereTheTextEnds(t *testing.T) {
	got, err := windows("añ☃de", 4, 3)
	if err != nil || strings.Join(got, " ") != "añ☃ dea ñ☃d eañ" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := windows("ab", 1, 3); err == nil {
		t.Error("too short a text gave no error")
	}
}

func TestExamplesAreOfTheLengthsAskedForAndTheSameEachTime(t *testing.T) {
	read := func() []example {
		path := filepath.Join(t.TempDir(), "t5.jsonl")
		if err := makeExamples(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		examples, err := readLines[example](path)
		if err != nil {
			t.Fatal(err)
		}
		return examples
	}
	once, again := read(), read()
	if len(once) != 20 {
		t.Fatalf("%d examples", len(once))
	}
	for i, e := range once {
		if len(e.InputIDs) != 256 || len(e.Labels) != 64 || e.InputIDs[255] != 1 || e.Labels[63] != 1 {
			t.Errorf("example %d has %d and %d ids", i, len(e.InputIDs), len(e.Labels))
		}
		if e.InputIDs[0] != again[i].InputIDs[0] {
			t.Errorf("example %d is another one the second time", i)
		}
	}
}

func TestDocumentationGivesTextsPairsAndArticlesWhereThereIsNoData(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED with -short: reads Go's whole documentation")
	}
	t.Setenv("PAPERLAB_DATA", "")
	for in, check := range map[input]func(path string) bool{
		texts: func(path string) bool { all, err := readLines[string](path); return err == nil && len(all) == 128 },
		pairs: func(path string) bool {
			all, err := readLines[[2]string](path)
			var scorer rouge.Scorer
			return err == nil && len(all) == 3000 && scorer.Score(all[0][0], all[0][1]).Rouge1.FMeasure < 1
		},
		articles: func(path string) bool {
			all, err := readLines[string](path)
			return err == nil && len(all) == 2000 && len([]rune(all[1999])) == 27_000
		},
	} {
		path := filepath.Join(t.TempDir(), string(in))
		if err := makers[in](t.Context(), path); err != nil {
			t.Errorf("%s: %v", in, err)
		} else if !check(path) {
			t.Errorf("%s is not as it says", in)
		}
	}
}
