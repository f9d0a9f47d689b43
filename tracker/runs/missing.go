package runs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"time"

	"paperlab/tracker"
)

// missing returns what is in all, by its identity, more often than in the store: of n equal ones the last so many.
func missing[T any, K comparable](all []T, identity func(T) K, inStore map[K]int) (rest []T) {
	for _, v := range all {
		if k := identity(v); inStore[k] > 0 {
			inStore[k]--
			continue
		}
		rest = append(rest, v)
	}
	return rest
}

type series struct {
	key     string
	context tracker.Context
}

// value identifies a point of a series.
type value struct {
	series
	session, step, time int64
	bits                uint64
}

func identity(s series, p tracker.Point) value {
	bits := math.Float64bits(p.Value)
	if math.IsNaN(p.Value) {
		bits = math.Float64bits(math.NaN())
	}
	return value{s, p.Session, p.Step, p.Time.UnixMilli(), bits}
}

func identityOfSample(s tracker.Sample) value { return identity(series{s.Key, s.Context}, s.Point) }

func missingSamples(ctx context.Context, store tracker.Store, run string, samples []tracker.Sample) ([]tracker.Sample, error) {
	wanted := map[value]bool{}
	logged := map[series]bool{}
	for _, s := range samples {
		wanted[identityOfSample(s)] = true
		logged[series{s.Key, s.Context}] = true
	}
	found := map[value]int{}
	for s := range logged {
		err := store.EachPoints(ctx, run, s.key, s.context, func(points []tracker.Point) error {
			for _, p := range points {
				if k := identity(s, p); wanted[k] {
					found[k]++
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return missing(samples, identityOfSample, found), nil
}

func missingConsole(ctx context.Context, store tracker.Store, run string, chunks []tracker.Console) ([]tracker.Console, error) {
	if len(chunks) == 0 {
		return nil, nil
	}
	found := map[tracker.Console]int{}
	name := func(c tracker.Console) tracker.Console {
		c.Time = time.UnixMilli(c.Time.UnixMilli()) // times compare by their parts
		return c
	}
	for next := int64(0); ; {
		written, after, err := store.Console(ctx, run, next)
		if err != nil {
			return nil, err
		}
		if len(written) == 0 || after == next {
			break
		}
		for _, c := range written {
			found[name(c)]++
		}
		next = after
	}
	return missing(chunks, name, found), nil
}

// missingMedia compares texts, tables, images and histograms by their JSON.
func missingMedia(ctx context.Context, store tracker.Store, run string, lines []line) ([]line, error) {
	if len(lines) == 0 {
		return nil, nil
	}
	found := map[string]int{}
	texts, err1 := store.Texts(ctx, run, "")
	for _, t := range texts {
		found[identityOfLine(line{Text: &t})]++
	}
	tables, err2 := store.Tables(ctx, run, "")
	for _, t := range tables {
		found[identityOfLine(line{Table: &t})]++
	}
	histograms, err3 := store.Histograms(ctx, run, "")
	for _, h := range histograms {
		found[identityOfLine(line{Histogram: &h})]++
	}
	images, err4 := store.Images(ctx, run, "")
	for _, i := range images {
		found[identityOfLine(line{Image: &picture{Image: i}})]++
	}
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, err
	}
	return missing(lines, identityOfLine, found), nil
}

// identityOfLine is a line's JSON, in which an image's content is its hash.
func identityOfLine(l line) string {
	if l.Image != nil {
		i := *l.Image
		if i.Content != nil {
			sum := sha256.Sum256(i.Content)
			i.Hash, i.Size = hex.EncodeToString(sum[:]), int64(len(i.Content))
			i.Content = nil
		}
		l.Image = &i
	}
	name, err := json.Marshal(l)
	if err != nil {
		return err.Error() // of a table that came out of the store, or went through Normalize: there is none
	}
	return string(name)
}
