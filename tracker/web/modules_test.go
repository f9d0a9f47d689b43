package web_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/chromedp/chromedp"
)

// module evaluates a JavaScript expression with the exports of one of the page's modules as m, in the browser.
func (p *tab) module(name, expression string) string {
	p.t.Helper()
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`import("/page/js/`+name+`.js").then(m => JSON.stringify(`+expression+`))`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.fail("evaluating "+expression, err)
	}
	return got
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	store, _ := newStore(t)
	p := openTab(t, serve(t, store), "/nothing")
	for _, c := range []struct{ module, expression, want string }{
		{"format", `[0, 1, -2.5, 0.00005, 1234567, 12345678.9, 0.123456789, 1e-300, 1/3, 2300].map(m.number)`,
			`["0","1","−2.5","5e−5","1 234 567","1.2346e7","0.12346","1e−300","0.33333","2300"]`},
		{"format", `["NaN", "Infinity", "-Infinity", null].map(m.number)`, `["NaN","∞","−∞",""]`},
		{"format", `[0, 0.25, 9.5, 59, 61, 3600, 90061, 1e6].map(m.duration)`, `["0 s","250 ms","9.5 s","59 s","1 min 1 s","1 h","1 d 1 h","11 d 13 h"]`},
		{"format", `[999, 1000, 15360, 999999, 123456789].map(m.bytes)`, `["999 B","1.0 kB","15 kB","1.0 MB","123 MB"]`},
		{"scale", `m.ticks(0, 1, 5).map(t => t.label)`, `["0.0","0.2","0.4","0.6","0.8","1.0"]`},
		{"scale", `m.ticks(-3, 12, 4).map(t => t.label)`, `["0","5","10"]`},
		{"scale", `m.ticks(0, 0.00012, 4).map(t => t.label)`, `["0.00000","5e−5","0.0001"]`},
		{"scale", `m.ticks(0, 2500000, 5).map(t => t.label)`, `["0","500k","1M","1.5M","2M","2.5M"]`},
		{"scale", `m.ticks(0.001, 1000, 4, {log: true}).map(t => t.value)`, `[0.001,0.1,10,1000]`},
		{"scale", `m.ticks(2, 30, 4, {log: true}).map(t => t.value)`, `[2,5,10,20]`},
		{"scale", `m.ticks(0, 1, 4, {kind: "step"}).map(t => t.value)`, `[0,1]`},
		{"scale", `m.ticks(0, 7200, 4, {kind: "duration"}).map(t => t.label)`, `["0 s","30 min","1 h","1 h 30 min","2 h"]`},
		{"scale", `m.widen(Infinity, -Infinity, false)`, `[0,1]`},
		{"scale", `m.widen(5, 5, false)`, `[4.5,5.5]`},
	} {
		if got := p.module(c.module, c.expression); got != c.want {
			t.Errorf("%s is\n%s, want\n%s", c.expression, got, c.want)
		}
	}
}

// debiased is TensorBoard's average by its definition: the weighted mean of all finite values so far.
func debiased(y []float64, w float64) []float64 {
	out := make([]float64, len(y))
	for i := range y {
		sum, weights, weight := 0.0, 0.0, 1.0
		for j := i; j >= 0; j-- {
			sum, weights, weight = sum+weight*y[j], weights+weight, weight*w
		}
		out[i] = sum / weights
	}
	return out
}

func TestSmoothing(t *testing.T) {
	store, _ := newStore(t)
	p := openTab(t, serve(t, store), "/nothing")
	y := []float64{3, 1, 4, 1, 5, 9, 2, 6}
	var got []float64
	check := func(what string, want []float64) {
		t.Helper()
		for i := range want {
			if len(got) != len(want) || math.Abs(got[i]-want[i]) > 1e-12 {
				t.Errorf("%s: got %v, want %v", what, got, want)
				return
			}
		}
	}
	read := func(text string) { must(t, json.Unmarshal([]byte(text), &got)) }

	read(p.module("smooth", "m.ema([3, 1, 4, 1, 5, 9, 2, 6], null, 0.6)"))
	check("by points", debiased(y, 0.6))

	// A bucket is as good as its points, if they are equal.
	read(p.module("smooth", "m.ema([3, 1, 4], [1, 3, 2], 0.6)"))
	all := debiased([]float64{3, 1, 1, 1, 4, 4}, 0.6)
	check("by buckets", []float64{all[0], all[3], all[5]})

	// At distances of a thousandth of the range, a weight of 0.36 is an average with its root.
	read(p.module("smooth", "m.timeWeighted([0, 1, 2, 3, 4, 5, 6, 7], [3, 1, 4, 1, 5, 9, 2, 6], null, 0.36, 1000)"))
	check("by distance", debiased(y, 0.6))

	if text := p.module("smooth", "[m.ema([1, null, 3], null, 0.5), m.ema([2, 2, 2], null, 0.9), m.ema([1, 2], null, 0)]"); text != "[[1,null,2.3333333333333335],[2,2,2],[1,2]]" {
		t.Errorf("gaps, constants, no smoothing: %s", text)
	}
}

func TestGroupsAreMeansWithBands(t *testing.T) {
	store, _ := newStore(t)
	p := openTab(t, serve(t, store), "/nothing")
	got := p.module("curves", `m.grouped([
		{run: "a", xs: [0, 2, 4], ys: [0, 2, 4], odd: []},
		{run: "b", xs: [0, 1, 2], ys: [10, 10, null], odd: []},
	], () => "both").map(g => [g.xs, g.ys, g.low, g.high])`)
	if want := "[[[0,1,2,4],[5,5.5,2,4],[0,1,2,4],[10,10,2,4]]]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
