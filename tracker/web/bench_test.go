package web_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"paperlab/tracker"
)

// BenchmarkOpening opens the dashboard of 1,000 runs of 10,000 points in three series each, in headless Chromium, and
// reports the time from the start of the navigation until the table and the charts that are in sight are drawn: the median,
// and the first time, when the browser knows nothing of the page yet.
//
//	go test ./tracker/web -run - -bench Opening -benchtime 10x
func BenchmarkOpening(b *testing.B) {
	const runs, points = 1000, 10000
	store, _ := newStore(b)
	for n := range runs {
		run := addRun(b, store, n, fmt.Sprintf("run-%04d", n), func(r *tracker.Run) {
			r.Params["lr"], r.Params["seed"] = math.Pow(10, -5+2*float64(n%50)/50), int64(n/50)
			r.Started = now.Add(-time.Duration(runs-n) * time.Hour)
		})
		samples := make([]tracker.Sample, points)
		for i := range samples {
			key := [...]string{"train/loss", "train/grad_norm", "eval/loss"}[i%3]
			step := int64(i/3 + 1)
			samples[i] = tracker.Sample{Key: key, Point: tracker.Point{Step: step, Time: run.Started.Add(time.Duration(step) * time.Second), Session: 1, Value: 2 + math.Exp(-float64(i)/3000) + 0.1*math.Sin(float64(i*n))}}
		}
		must(b, store.Log(b.Context(), run.ID, samples))
	}
	site := serve(b, store)
	p := openTab(b, site, "/nothing")
	var times []float64
	for b.Loop() {
		p.goTo("/")
		p.wait("table and charts", `document.querySelectorAll(".runs tbody tr").length == 100 && document.querySelectorAll(".panel").length == 3
			&& [...document.querySelectorAll(".panel")].every(panel => panel.classList.contains("drawn")) && (window.drawnAt ??= performance.now())`)
		at, err := strconv.ParseFloat(p.text("window.drawnAt"), 64)
		must(b, err)
		times = append(times, at)
	}
	b.ReportMetric(times[0], "ms-first")
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2], "ms-median")
}
