package table

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// Runner does a task once and says what it measured. Its errors say which task failed and why.
type Runner func(ctx context.Context, task string) (Sample, error)

// Measure does the tasks of rows in turns, ours and the peer's after each other, and all of that rounds times: what slows
// a machine for a while then slows both. A task that several rows name is done once a round. The best of each is
// compared.
//
// A task that fails takes its rows out of the table and leaves the others in it. Only the end of ctx and fewer rounds than one are
// errors.
func Measure(ctx context.Context, rows []Row, rounds int, run Runner) (Table, error) {
	if rounds < 1 {
		return Table{}, fmt.Errorf("bench: %d rounds: at least one is needed", rounds)
	}
	m := measured{run: run, best: map[string]Sample{}, failed: map[string]error{}}
	for range rounds {
		done := map[string]bool{}
		for _, row := range rows {
			for _, task := range row.tasks() {
				if done[task] || m.failed[task] != nil {
					continue
				}
				done[task] = true
				m.do(ctx, task)
				if ctx.Err() != nil {
					return Table{}, fmt.Errorf("bench: %s: %w", task, context.Cause(ctx))
				}
			}
		}
	}
	var t Table
	for _, row := range rows {
		t.add(row, m)
	}
	return t, nil
}

// tasks are those that a row needs.
func (r Row) tasks() []string {
	switch {
	case r.Missing != "":
		return nil
	case r.Peer == "":
		return []string{r.Ours}
	}
	return []string{r.Ours, r.Peer}
}

// measured is what is known of each task.
type measured struct {
	run    Runner
	best   map[string]Sample
	failed map[string]error
}

func (m measured) do(ctx context.Context, task string) {
	sample, err := m.run(ctx, task)
	if err == nil && !(sample.Seconds > 0 && sample.Seconds < math.Inf(1)) {
		err = fmt.Errorf("%s: measured %g seconds", task, sample.Seconds)
	}
	if err != nil {
		m.failed[task] = err
		return
	}
	if before, ok := m.best[task]; ok {
		sample = before.best(sample)
	}
	m.best[task] = sample
}

// add puts a row into the table, or what keeps it out.
func (t *Table) add(row Row, m measured) {
	if row.Missing != "" {
		t.Absent = append(t.Absent, Absent{Work: row.Work, Reason: row.Missing})
		return
	}
	result, err := row.result(m)
	if err != nil {
		t.Absent = append(t.Absent, Absent{Work: row.Work, Reason: err.Error(), Failed: true})
		return
	}
	t.Results = append(t.Results, result)
}

func (r Row) result(m measured) (Result, error) {
	var failures []error
	for _, task := range r.tasks() {
		failures = append(failures, m.failed[task])
	}
	if err := errors.Join(failures...); err != nil {
		return Result{}, err
	}
	ours, peer := r.Unit.figure(m.best[r.Ours]), r.Aim
	if r.Peer != "" {
		peer = r.Unit.figure(m.best[r.Peer])
		if err := agree(m.best[r.Ours].Answer, m.best[r.Peer].Answer, r.Within); err != nil {
			return Result{}, fmt.Errorf("%s and %s: %w", r.Ours, r.Peer, err)
		}
	}
	if !(ours > 0 && peer > 0) {
		return Result{}, fmt.Errorf("%s: a figure is missing: ours %g, the peer's %g %s", r.Ours, ours, peer, r.Unit.Name)
	}
	return Result{
		Work: r.Work, Unit: r.Unit.Name, Ours: ours, Peer: peer, PeerName: r.PeerName, Ratio: r.Unit.ratio(ours, peer), Reach: r.Reach,
	}, nil
}

// agree compares two answers.
func agree(ours, peer []float64, within float64) error {
	if within == Anything {
		return nil
	}
	if len(ours) != len(peer) {
		return fmt.Errorf("answers of %d and %d numbers: other work was done", len(ours), len(peer))
	}
	for i, a := range ours {
		b := peer[i]
		if !(math.Abs(a-b) <= within*max(math.Abs(a), math.Abs(b))) {
			return fmt.Errorf("answers differ: number %d is %g and %g, where %g apart are allowed: other work was done", i, a, b, within)
		}
	}
	return nil
}
