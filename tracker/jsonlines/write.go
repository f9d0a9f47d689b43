package jsonlines

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"paperlab/tracker"
)

// Write writes everything that a store keeps of the runs with these IDs and returns how many points there were. It
// holds one piece of a series at a time, however long that is; out should be buffered. A run that does not exist is an
// error.
func Write(ctx context.Context, store tracker.Reader, out io.Writer, ids ...string) (points int64, err error) {
	w := &writer{ctx: ctx, store: store, out: out, encoder: json.NewEncoder(out)}
	w.encoder.SetEscapeHTML(false)
	for _, id := range ids {
		n, err := w.run(id)
		if err != nil {
			return points, err
		}
		points += n
	}
	return points, nil
}

type writer struct {
	ctx     context.Context
	store   tracker.Reader
	out     io.Writer
	encoder *json.Encoder // to out
}

func (w *writer) run(id string) (points int64, err error) {
	run, err := w.store.Run(w.ctx, id)
	if err != nil {
		return 0, err
	}
	if err := w.encoder.Encode(newRunLine(run)); err != nil {
		return 0, err
	}
	if points, err = w.points(id); err != nil {
		return points, err
	}
	for _, part := range []func(string) error{w.texts, w.tables, w.histograms, w.images, w.console, w.artifacts} {
		if err := part(id); err != nil {
			return points, err
		}
	}
	return points, w.encoder.Encode(endLine{"end", id, points})
}

// points writes by far the most lines, and so by hand.
func (w *writer) points(id string) (count int64, err error) {
	all, err := w.store.Series(w.ctx, id)
	if err != nil {
		return 0, err
	}
	for _, series := range all {
		begin, err := json.Marshal(map[string]string{"key": series.Key})
		if err != nil {
			return count, err
		}
		begin = fmt.Appendf(nil, `{"type":"point","run":%q,%s,"session":`, id, begin[1:len(begin)-1])
		end := []byte("}\n")
		if series.Context != "" {
			context, err := json.Marshal(series.Context)
			if err != nil {
				return count, err
			}
			end = fmt.Appendf(nil, ",\"context\":%s}\n", context)
		}
		var line []byte
		err = w.store.EachPoints(w.ctx, id, series.Key, series.Context, func(points []tracker.Point) error {
			count += int64(len(points))
			for _, p := range points {
				line = strconv.AppendInt(append(line[:0], begin...), p.Session, 10)
				line = strconv.AppendInt(append(line, `,"step":`...), p.Step, 10)
				line = p.Time.UTC().AppendFormat(append(line, `,"time":"`...), time.RFC3339Nano)
				line = appendNumber(append(line, `","value":`...), p.Value)
				if _, err := w.out.Write(append(line, end...)); err != nil {
					return err
				}
			}
			return w.ctx.Err()
		})
		if err != nil {
			return count, err
		}
	}
	return count, nil
}

func (w *writer) texts(id string) error {
	texts, err := w.store.Texts(w.ctx, id, "")
	if err != nil {
		return err
	}
	for _, t := range texts {
		if err := w.encoder.Encode(textLine{place{"text", id, t.Key, t.Session, t.Step, t.Time}, t.Body}); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) tables(id string) error {
	tables, err := w.store.Tables(w.ctx, id, "")
	if err != nil {
		return err
	}
	for _, t := range tables {
		rows, err := tracker.EncodeRows(t.Rows)
		if err != nil {
			return err
		}
		line := tableLine{place{"table", id, t.Key, t.Session, t.Step, t.Time}, t.Columns, json.RawMessage(rows)}
		if err := w.encoder.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) histograms(id string) error {
	histograms, err := w.store.Histograms(w.ctx, id, "")
	if err != nil {
		return err
	}
	for _, h := range histograms {
		line := histogramLine{place{"histogram", id, h.Key, h.Session, h.Step, h.Time}, numbers(h.Edges), numbers(h.Counts)}
		if err := w.encoder.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) images(id string) error {
	images, err := w.store.Images(w.ctx, id, "")
	if err != nil {
		return err
	}
	for _, i := range images {
		line := imageLine{place{"image", id, i.Key, i.Session, i.Step, i.Time}, i.MIME, i.Width, i.Height, i.Caption, i.Hash, i.Size}
		if err := w.encoder.Encode(line); err != nil {
			return err
		}
		if err := w.content(i.Hash); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) console(id string) error {
	for after := int64(0); ; {
		chunks, next, err := w.store.Console(w.ctx, id, after)
		if err != nil || len(chunks) == 0 {
			return err
		}
		for _, c := range chunks {
			if err := w.encoder.Encode(consoleLine{"console", id, c.Session, c.Time, c.Stream, c.Text}); err != nil {
				return err
			}
		}
		after = next
	}
}

func (w *writer) artifacts(id string) error {
	artifacts, err := w.store.Artifacts(w.ctx, id)
	if err != nil {
		return err
	}
	for _, a := range artifacts {
		if err := w.encoder.Encode(artifactLine{"artifact", id, a.Name, a.Time, a.Hash, a.Size}); err != nil {
			return err
		}
		if err := w.content(a.Hash); err != nil {
			return err
		}
	}
	return nil
}

// contentSize is how many bytes go into one line.
const contentSize = 48 << 10

func (w *writer) content(hash string) error {
	content, err := w.store.OpenArtifact(w.ctx, hash)
	if err != nil {
		return err
	}
	defer content.Close()
	for piece := make([]byte, contentSize); ; {
		n, err := io.ReadFull(content, piece)
		if n > 0 {
			if err := w.encoder.Encode(contentLine{"content", piece[:n]}); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return w.ctx.Err()
		}
		if err != nil {
			return err
		}
	}
}
