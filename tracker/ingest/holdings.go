package ingest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"

	"paperlab/tracker"
)

// holdings is what a run held before the import. It is read when it is first asked for, a series at a time, and each
// thing in it answers for one thing of the import.
type holdings struct {
	store  tracker.Reader
	run    string
	series map[seriesName]map[mark]int
	others map[string]int
}

type seriesName struct {
	key     string
	context tracker.Context
}

// mark is all that there is of a point.
type mark struct {
	session, step, time int64
	value               uint64
}

func markOf(p tracker.Point) mark {
	if math.IsNaN(p.Value) {
		p.Value = math.NaN() // one of them
	}
	return mark{p.Session, p.Step, p.Time.UnixMilli(), math.Float64bits(p.Value)}
}

// point reports whether the run held this point.
func (h *holdings) point(ctx context.Context, s tracker.Sample) (bool, error) {
	key, err := tracker.CleanKey(s.Key)
	if err != nil {
		return false, err
	}
	name := seriesName{key, s.Context}
	marks, read := h.series[name]
	if !read {
		marks = map[mark]int{}
		err := h.store.EachPoints(ctx, h.run, key, s.Context, func(points []tracker.Point) error {
			for _, p := range points {
				marks[markOf(p)]++
			}
			return nil
		})
		if err != nil {
			return false, err
		}
		if h.series == nil {
			h.series = map[seriesName]map[mark]int{}
		}
		h.series[name] = marks
	}
	return take(marks, markOf(s.Point)), nil
}

func take[K comparable](counts map[K]int, what K) bool {
	if counts[what] == 0 {
		return false
	}
	counts[what]--
	return true
}

// other reports whether the run held what this mark stands for.
func (h *holdings) other(ctx context.Context, mark string) (bool, error) {
	if h.others == nil {
		h.others = map[string]int{}
		if err := h.readOthers(ctx); err != nil {
			return false, err
		}
	}
	return take(h.others, mark), nil
}

func (h *holdings) readOthers(ctx context.Context) error {
	texts, err := h.store.Texts(ctx, h.run, "")
	if err != nil {
		return err
	}
	tables, err := h.store.Tables(ctx, h.run, "")
	if err != nil {
		return err
	}
	histograms, err := h.store.Histograms(ctx, h.run, "")
	if err != nil {
		return err
	}
	images, err := h.store.Images(ctx, h.run, "")
	if err != nil {
		return err
	}
	artifacts, err := h.store.Artifacts(ctx, h.run)
	if err != nil {
		return err
	}
	count(h.others, texts, markText)
	count(h.others, tables, markTable)
	count(h.others, histograms, markHistogram)
	count(h.others, images, markImage)
	count(h.others, artifacts, markArtifact)
	return h.readConsole(ctx)
}

func (h *holdings) readConsole(ctx context.Context) error {
	for after := int64(0); ; {
		chunks, next, err := h.store.Console(ctx, h.run, after)
		if err != nil || len(chunks) == 0 {
			return err
		}
		count(h.others, chunks, markConsole)
		after = next
	}
}

func count[T any](marks map[string]int, things []T, mark func(T) string) {
	for _, thing := range things {
		marks[mark(thing)]++
	}
}

// digest keeps marks short, whatever they stand for.
func digest(kind string, parts ...any) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q", kind, parts))
	return string(sum[:])
}

func markText(t tracker.Text) string {
	return digest("text", t.Key, fmt.Sprint(t.Session, t.Step, t.Time.UnixMilli()), t.Body)
}

func markTable(t tracker.Table) string {
	return digest("table", t.Key, fmt.Sprint(t.Session, t.Step, t.Time.UnixMilli()), fmt.Sprintf("%q %#v", t.Columns, t.Rows))
}

func markHistogram(h tracker.Histogram) string {
	return digest("histogram", h.Key, fmt.Sprint(h.Session, h.Step, h.Time.UnixMilli(), h.Edges, h.Counts))
}

func markImage(i tracker.Image) string {
	return digest("image", i.Key, fmt.Sprint(i.Session, i.Step, i.Time.UnixMilli()), i.Caption, i.Hash)
}

func markConsole(c tracker.Console) string {
	return digest("console", fmt.Sprint(c.Session, c.Time.UnixMilli()), c.Stream, c.Text)
}

func markArtifact(a tracker.Artifact) string {
	return digest("artifact", a.Name, a.Hash, fmt.Sprint(a.Time.UnixMilli()))
}
