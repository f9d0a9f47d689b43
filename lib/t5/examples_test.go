package t5_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/t5"
	"paperlab/lib/tokenize"
)

func TestABatchIsPaddedToItsLongestExample(t *testing.T) {
	e, err := t5.NewExamples([][]int{{5, 6, 1}, {7, 1}, {9, 9, 9, 9, 1}}, [][]int{{8, 1}, {4, 4, 4, 1}, {1}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := nntest.NewScope(t)
	b := e.Batch(s, []int{1, 0})
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	ids, err := b.InputIDs.Int64s()
	if err != nil || !slices.Equal(ids, []int64{7, 1, 0, 5, 6, 1}) {
		t.Errorf("ids %v, %v", ids, err)
	}
	mask, err := b.AttentionMask.Int64s()
	if err != nil || !slices.Equal(mask, []int64{1, 1, 0, 1, 1, 1}) {
		t.Errorf("mask %v, %v", mask, err)
	}
	labels, err := b.Labels.Int64s()
	if err != nil || !slices.Equal(labels, []int64{4, 4, 4, 1, 8, 1, -100, -100}) {
		t.Errorf("labels %v, %v", labels, err)
	}
}

func TestExamplesWithoutTokensOrTargetsAreRefused(t *testing.T) {
	for want, c := range map[string][2][][]int{
		"2 inputs with 1 targets": {{{1}, {1}}, {{1}}},
		"example 1 has no tokens": {{{1}, {}}, {{1}, {1}}},
		"example 0 has no tokens": {{{1}}, {nil}},
		"0 inputs with 1 targets": {nil, {{1}}},
	} {
		if _, err := t5.NewExamples(c[0], c[1], 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v says nothing of %q", err, want)
		}
	}
}

func TestTextsArePreparedWithinTheirLimits(t *testing.T) {
	data := os.Getenv("PAPERLAB_DATA")
	if data == "" {
		t.Skip("SKIPPED: set PAPERLAB_DATA to the folder of real data, whose T5 tokenizer this test reads")
	}
	tok, err := tokenize.Load(filepath.Join(data, "tokenizer-t5"))
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("the model reads papers ", 200)
	e, err := t5.Prepare(t.Context(), tok, []string{long, "short"}, []string{"papers", long}, t5.Preparation{Prefix: "summarize: ", MaxInput: 32, MaxTarget: 8})
	if err != nil {
		t.Fatal(err)
	}
	inputs := e.Inputs()
	if e.Len() != 2 || len(inputs[0]) != 32 || inputs[0][31] != 1 || len(inputs[1]) >= 32 {
		t.Errorf("inputs %v", inputs)
	}
	if prefix := tok.Encode("summarize:", 0); !slices.Equal(inputs[1][:len(prefix)-1], prefix[:len(prefix)-1]) {
		t.Errorf("%v does not start with %v", inputs[1], prefix)
	}
	if _, err := t5.Prepare(t.Context(), tok, []string{"one"}, nil, t5.Preparation{}); err == nil {
		t.Error("a text without a summary: no error")
	}
}
