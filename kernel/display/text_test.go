package display_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"paperlab/kernel/display"
)

type point struct{ X, Y int }

type node struct {
	Value int
	Next  *node
}

type breaks struct{}

func (breaks) String() string { panic("no text today") }

type goText struct{ n int }

func (goText) GoString() string { return "goText(…)" }

type hidden struct{ when time.Duration }

func TestTextIsWhatFmtPrints(t *testing.T) {
	var nilPointer *point
	var nilFunc func()
	values := []any{
		nil, true, -3, uint8(7), 2.5, float32(0.1), math.NaN(), math.Inf(1), complex(1, -2), complex64(1), "text\nof two lines", 'x', []byte("ab"),
		[]int{1, 2}, []int{}, []int(nil), [2]string{"a", "b"}, map[string]int{"b": 2, "a": 1}, map[int]bool(nil), map[point]int{{2, 1}: 1, {1, 2}: 2},
		map[float64]int{math.NaN(): 1, 2: 3}, map[bool]int{true: 1, false: 0},
		point{1, 2}, &point{1, 2}, &[]int{1}, &map[string]int{"a": 1}, struct{ A any }{nil}, struct{ A any }{point{3, 4}}, nilPointer, nilFunc,
		errors.New("broken"), time.Second, []time.Duration{1, 2}, []any{1, "a", nil}, hidden{time.Second}, breaks{}, []any{breaks{}}, [][]int{{1}, {2, 3}},
		struct{ error }{nil}, uintptr(5),
	}
	for _, v := range values {
		if got, want := display.Text(v), fmt.Sprint(v); got != want {
			t.Errorf("%T: %q, want %q", v, got, want)
		}
	}
}

func TestTextSaysMoreThanFmtWhereThatPrintsAddresses(t *testing.T) {
	five := 5
	for _, test := range []struct {
		value any
		want  string
	}{
		{&five, "&5"},
		{[]*point{{1, 2}, nil}, "[&{1 2} <nil>]"},
		{node{1, &node{2, nil}}, "{1 &{2 <nil>}}"},
		{strings.ToUpper, "func(string) string"},
		{make(chan int), "chan int"},
		{[]func(){nil}, "[<nil>]"},
		{goText{1}, "goText(…)"},
		{&node{1, &node{2, &node{3, &node{4, nil}}}}, "&{1 &{2 &{3 (*display_test.node)}}}"},
		{struct{ inner *point }{&point{1, 2}}, "{(*display_test.point)}"},
	} {
		if got := display.Text(test.value); got != test.want {
			t.Errorf("%T: %q, want %q", test.value, got, test.want)
		}
	}
}

func TestAValueThatHoldsItselfEnds(t *testing.T) {
	ring := &node{Value: 1}
	ring.Next = &node{2, ring}
	if got := display.Text(ring); got != "&{1 &{2 <cycle>}}" {
		t.Errorf("a ring is %q", got)
	}
	list := []any{1, nil}
	list[1] = list
	if got := display.Text(list); got != "[1 <cycle>]" {
		t.Errorf("a list is %q", got)
	}
	m := map[string]any{}
	m["self"] = m
	if got := display.Text(m); got != "map[self:<cycle>]" {
		t.Errorf("a map is %q", got)
	}
	var p any
	p = &p
	if got := display.Text(p); got != "&<cycle>" {
		t.Errorf("a pointer is %q", got)
	}
	shared := &point{1, 2}
	if got := display.Text([]*point{shared, shared}); got != "[&{1 2} &{1 2}]" {
		t.Errorf("one pointer twice is %q", got)
	}
	var deep any
	for range 10_000 {
		deep = []any{deep}
	}
	if got := display.Text(deep); len(got) > 100 || !strings.Contains(got, "…") {
		t.Errorf("a deep list is %q", got)
	}
}

func TestLargeValuesShowTheirEnds(t *testing.T) {
	floats := make([]float32, 1_000_000)
	for i := range floats {
		floats[i] = float32(i)
	}
	text := display.Text(floats)
	if !strings.HasPrefix(text, "[0 1 2 ") || !strings.HasSuffix(text, " 999998 999999]") || !strings.Contains(text, " … 999,975 more … ") || len(text) > 300 {
		t.Errorf("a million floats are %q", text)
	}
	m := map[int]int{}
	for i := range 5000 {
		m[i] = i
	}
	if text := display.Text(m); !strings.HasPrefix(text, "map[0:0 1:1 ") || !strings.HasSuffix(text, "… 4,980 more]") {
		t.Errorf("a large map is %q", text)
	}
	if text := display.Text(strings.Repeat("ü", 1_000_000)); !strings.HasSuffix(text, "ü… and 950,000 more characters") {
		t.Errorf("a long string ends in %q", text[len(text)-60:])
	}
	if text := display.Text(make([][200][200][200]int8, 1)); len(text) > 120_000 {
		t.Errorf("a cube has %d bytes", len(text))
	}
}
