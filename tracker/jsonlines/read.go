package jsonlines

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"paperlab/tracker"
	"paperlab/tracker/ingest"
)

// maxLine is the length of the longest line that is read, in bytes.
const maxLine = 256 << 20

// Is reports whether a file that begins like this is one that [Write] wrote.
func Is(begin []byte) bool { return bytes.HasPrefix(begin, []byte(`{"type":"run","id":"`)) }

// Read brings the runs that [Write] wrote into the store, under their IDs, and calls done after each. What a run holds
// already is not added again: see package ingest. A line that cannot be read, and a file that ends within a run, are
// errors with the line's number; what came before stays in the store.
func Read(ctx context.Context, store tracker.Store, in io.Reader, done func(*ingest.Run)) error {
	r := &reader{ctx: ctx, store: store, in: bufio.NewReaderSize(in, 1<<16)}
	for {
		line, err := r.line()
		if err == io.EOF && r.run == nil {
			return nil
		}
		if err == io.EOF {
			err = fmt.Errorf("%w: the file ends within run %s: it was cut off", tracker.ErrCorrupt, r.run.ID())
		}
		if err == nil {
			err = r.take(line, done)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", r.number, err)
		}
	}
}

type reader struct {
	ctx    context.Context
	store  tracker.Store
	in     *bufio.Reader
	number int // of the last line read
	run    *ingest.Run
	points int64
}

// line returns the next line that is not empty.
func (r *reader) line() ([]byte, error) {
	var line []byte
	for {
		part, err := r.in.ReadSlice('\n')
		line = append(line, part...)
		if errors.Is(err, bufio.ErrBufferFull) && len(line) < maxLine {
			continue
		}
		r.number++
		if len(bytes.TrimSpace(line)) > 0 {
			if errors.Is(err, bufio.ErrBufferFull) {
				return nil, fmt.Errorf("%w: longer than %d bytes", tracker.ErrInvalid, maxLine)
			}
			if err == io.EOF {
				err = nil
			}
			return line, err
		}
		if err != nil {
			return nil, err
		}
		line = line[:0]
	}
}

// decode reads one kind of line.
func decode[T any](line []byte) (l T, err error) {
	if err := json.Unmarshal(line, &l); err != nil {
		return l, fmt.Errorf("%w JSON: %w", tracker.ErrInvalid, err)
	}
	return l, nil
}

func (r *reader) take(line []byte, done func(*ingest.Run)) error {
	if r.run != nil && bytes.HasPrefix(line, []byte(`{"type":"point",`)) {
		return r.point(line) // by far the most lines: their type is not decoded twice
	}
	head, err := decode[struct {
		Type string `json:"type"`
	}](line)
	if err != nil {
		return err
	}
	if head.Type == "run" {
		return r.begin(line)
	}
	if r.run == nil {
		return fmt.Errorf("%w: a line of type %.20q before one of type \"run\"", tracker.ErrInvalid, head.Type)
	}
	switch head.Type {
	case "point":
		return r.point(line)
	case "text":
		l, err := decode[textLine](line)
		return keep(err, func() error {
			return r.run.Text(r.ctx, tracker.Text{Key: l.Key, Step: l.Step, Time: l.Time, Session: l.Session, Body: l.Body})
		})
	case "table":
		return r.table(line)
	case "histogram":
		l, err := decode[histogramLine](line)
		return keep(err, func() error {
			return r.run.Histogram(r.ctx, tracker.Histogram{
				Key: l.Key, Step: l.Step, Time: l.Time, Session: l.Session, Edges: floats(l.Edges), Counts: floats(l.Counts)})
		})
	case "image":
		return r.image(line)
	case "console":
		l, err := decode[consoleLine](line)
		return keep(err, func() error {
			return r.run.Console(r.ctx, tracker.Console{Time: l.Time, Session: l.Session, Stream: l.Stream, Text: l.Text})
		})
	case "artifact":
		return r.artifact(line)
	case "end":
		return r.end(line, done)
	}
	return nil
}

// keep calls add unless decoding failed.
func keep(err error, add func() error) error {
	if err != nil {
		return err
	}
	return add()
}

func (r *reader) begin(line []byte) error {
	if r.run != nil {
		return fmt.Errorf("%w: a run begins before run %s has ended", tracker.ErrCorrupt, r.run.ID())
	}
	l, err := decode[runLine](line)
	if err != nil {
		return err
	}
	r.points = 0
	r.run, err = ingest.Begin(r.ctx, r.store, l.run())
	return err
}

func (r *reader) point(line []byte) error {
	l, err := decode[pointLine](line)
	if err != nil {
		return err
	}
	r.points++
	return r.run.Point(r.ctx, tracker.Sample{Key: l.Key, Context: l.Context, Point: tracker.Point{
		Step: l.Step, Time: l.Time, Session: l.Session, Value: float64(l.Value)}})
}

func (r *reader) table(line []byte) error {
	l, err := decode[tableLine](line)
	if err != nil {
		return err
	}
	rows, err := tracker.DecodeRows(string(l.Rows))
	if err != nil {
		return err
	}
	return r.run.Table(r.ctx, tracker.Table{Key: l.Key, Step: l.Step, Time: l.Time, Session: l.Session, Columns: l.Columns, Rows: rows})
}

func (r *reader) image(line []byte) error {
	l, err := decode[imageLine](line)
	if err != nil {
		return err
	}
	image := tracker.Image{Key: l.Key, Step: l.Step, Time: l.Time, Session: l.Session,
		MIME: l.MIME, Width: l.Width, Height: l.Height, Caption: l.Caption, Hash: l.Hash, Size: l.Size}
	return r.content(l.Size, func(content io.Reader) error { return r.run.Image(r.ctx, image, content) })
}

func (r *reader) artifact(line []byte) error {
	l, err := decode[artifactLine](line)
	if err != nil {
		return err
	}
	artifact := tracker.Artifact{Name: l.Name, Hash: l.Hash, Size: l.Size, Time: l.Time}
	return r.content(l.Size, func(content io.Reader) error { return r.run.Artifact(r.ctx, artifact, content) })
}

// content lets add read the bytes in the lines that follow, and passes over what it leaves.
func (r *reader) content(size int64, add func(io.Reader) error) error {
	content := &content{reader: r, left: size}
	if err := add(content); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, content)
	return err
}

// content are the bytes of content lines.
type content struct {
	*reader
	left  int64 // bytes in lines to come
	piece []byte
}

func (c *content) Read(p []byte) (int, error) {
	if len(c.piece) == 0 {
		if c.left <= 0 {
			return 0, io.EOF
		}
		line, err := c.line()
		if err == io.EOF {
			err = fmt.Errorf("%w: the file ends %d bytes before the end of a content: it was cut off", tracker.ErrCorrupt, c.left)
		}
		if err != nil {
			return 0, err
		}
		l, err := decode[contentLine](line)
		if err == nil && (l.Type != "content" || len(l.Data) == 0 || int64(len(l.Data)) > c.left) {
			err = fmt.Errorf("%w: want %d bytes more of type \"content\"", tracker.ErrCorrupt, c.left)
		}
		if err != nil {
			return 0, err
		}
		c.piece, c.left = l.Data, c.left-int64(len(l.Data))
	}
	n := copy(p, c.piece)
	c.piece = c.piece[n:]
	return n, nil
}

func (r *reader) end(line []byte, done func(*ingest.Run)) error {
	l, err := decode[endLine](line)
	if err != nil {
		return err
	}
	if l.Points != r.points {
		return fmt.Errorf("%w: run %s has %d points, its end says %d", tracker.ErrCorrupt, r.run.ID(), r.points, l.Points)
	}
	if err := r.run.Flush(r.ctx); err != nil {
		return err
	}
	done(r.run)
	r.run = nil
	return nil
}
