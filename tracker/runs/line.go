package runs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"paperlab/tracker"
)

// line is one call that writes to a run. As JSON it is a line of a spool file; exactly one field is set.
type line struct {
	Samples   []tracker.Sample
	Text      *tracker.Text
	Table     *tracker.Table
	Image     *picture
	Histogram *tracker.Histogram
	Console   []tracker.Console
	Tag       *tag
	End       *end
}

// picture is an image with its content.
type picture struct {
	tracker.Image
	Content []byte
}

// tag is a tag that was set in a session.
type tag struct {
	Session    int64
	Key, Value string
}

// end is how a session ended.
type end struct {
	Session int64
	Status  tracker.Status
	Time    time.Time
}

// normalize brings a line into the form in which the store keeps what it says, so that both can be compared. The error
// says what the store would refuse.
func (l *line) normalize() error {
	switch {
	case l.Samples != nil:
		for i := range l.Samples {
			l.Samples[i].Key = tracker.CleanText(l.Samples[i].Key)
			l.Samples[i].Time = l.Samples[i].Time.Truncate(time.Millisecond).UTC()
		}
		_, err := tracker.BySeries(l.Samples)
		return err
	case l.Text != nil:
		return l.Text.Normalize()
	case l.Table != nil:
		return l.Table.Normalize()
	case l.Image != nil:
		return l.Image.Normalize()
	case l.Histogram != nil:
		return l.Histogram.Normalize()
	case l.Console != nil:
		for i := range l.Console {
			if err := l.Console[i].Normalize(); err != nil {
				return err
			}
		}
	case l.Tag != nil:
		l.Tag.Value = tracker.CleanText(l.Tag.Value)
		var err error
		l.Tag.Key, err = tracker.CleanKey(l.Tag.Key)
		return err
	}
	return nil
}

// apply writes to the store what the line says.
func (l line) apply(ctx context.Context, store tracker.Store, run string) (err error) {
	switch {
	case l.Samples != nil:
		err = store.Log(ctx, run, l.Samples)
	case l.Text != nil:
		err = store.AddText(ctx, run, *l.Text)
	case l.Table != nil:
		err = store.AddTable(ctx, run, *l.Table)
	case l.Image != nil:
		_, err = store.AddImage(ctx, run, l.Image.Image, bytes.NewReader(l.Image.Content))
	case l.Histogram != nil:
		err = store.AddHistogram(ctx, run, *l.Histogram)
	case l.Console != nil:
		err = store.AddConsole(ctx, run, l.Console)
	case l.Tag != nil:
		_, err = store.UpdateRun(ctx, run, l.Tag.set)
	case l.End != nil:
		_, err = store.UpdateRun(ctx, run, l.End.set)
	}
	return err
}

// set sets the tag unless a later session has taken the run up.
func (t tag) set(run *tracker.Run) error {
	if run.Session == t.Session {
		run.Tags[t.Key] = t.Value
	}
	return nil
}

// set ends the run, which others may have taken for crashed meanwhile.
func (e end) set(run *tracker.Run) error {
	if run.Session == e.Session && (run.Status == tracker.Running || run.Status == tracker.Crashed) {
		run.Status, run.Ended = e.Status, e.Time
	}
	return nil
}

// lineJSON is a line on the disk. JSON knows neither NaN and infinities nor the types of a table's cells.
type lineJSON struct {
	Samples   []sampleJSON       `json:"samples,omitempty"`
	Text      *tracker.Text      `json:"text,omitempty"`
	Table     *tracker.Table     `json:"table,omitempty"` // its cells are in Rows
	Rows      string             `json:"rows,omitempty"`
	Image     *picture           `json:"image,omitempty"`
	Histogram *tracker.Histogram `json:"histogram,omitempty"` // its edges are in Edges
	Edges     []number           `json:"edges,omitempty"`
	Console   []tracker.Console  `json:"console,omitempty"`
	Tag       *tag               `json:"tag,omitempty"`
	End       *end               `json:"end,omitempty"`
}

type sampleJSON struct {
	Key     string          `json:"key"`
	Context tracker.Context `json:"context,omitempty"`
	Step    int64           `json:"step"`
	Time    int64           `json:"time"` // milliseconds
	Session int64           `json:"session"`
	Value   number          `json:"value"`
}

func (l line) MarshalJSON() ([]byte, error) {
	j := lineJSON{Text: l.Text, Image: l.Image, Console: l.Console, Tag: l.Tag, End: l.End}
	for _, s := range l.Samples {
		j.Samples = append(j.Samples, sampleJSON{s.Key, s.Context, s.Step, s.Time.UnixMilli(), s.Session, number(s.Value)})
	}
	if l.Table != nil {
		table := *l.Table
		rows, err := tracker.EncodeRows(table.Rows)
		if err != nil {
			return nil, err
		}
		table.Rows = nil
		j.Table, j.Rows = &table, rows
	}
	if l.Histogram != nil {
		histogram := *l.Histogram
		for _, edge := range histogram.Edges {
			j.Edges = append(j.Edges, number(edge))
		}
		histogram.Edges = nil
		j.Histogram = &histogram
	}
	return json.Marshal(j)
}

func (l *line) UnmarshalJSON(data []byte) error {
	var j lineJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*l = line{Text: j.Text, Table: j.Table, Image: j.Image, Histogram: j.Histogram, Console: j.Console, Tag: j.Tag, End: j.End}
	for _, s := range j.Samples {
		point := tracker.Point{Step: s.Step, Time: time.UnixMilli(s.Time).UTC(), Session: s.Session, Value: float64(s.Value)}
		l.Samples = append(l.Samples, tracker.Sample{Key: s.Key, Context: s.Context, Point: point})
	}
	if l.Table != nil {
		rows, err := tracker.DecodeRows(j.Rows)
		if err != nil {
			return err
		}
		l.Table.Rows = rows
	}
	if l.Histogram != nil {
		for _, edge := range j.Edges {
			l.Histogram.Edges = append(l.Histogram.Edges, float64(edge))
		}
	}
	return nil
}

// number is a float64 that may be NaN or infinite, which are strings in JSON.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	if v := float64(n); math.IsNaN(v) || math.IsInf(v, 0) {
		return json.Marshal(strconv.FormatFloat(v, 'g', -1, 64))
	}
	return json.Marshal(float64(n))
}

func (n *number) UnmarshalJSON(data []byte) error {
	v, err := strconv.ParseFloat(string(bytes.Trim(data, `"`)), 64)
	if err != nil {
		return fmt.Errorf("%w number %.40s", tracker.ErrInvalid, data)
	}
	*n = number(v)
	return nil
}
