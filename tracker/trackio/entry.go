package trackio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/ingest"
)

// object reads a JSON object, keeping the digits of its numbers.
func object(text string) (map[string]any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	values := map[string]any{}
	if err := decoder.Decode(&values); err != nil {
		return nil, fmt.Errorf("%w JSON %.60q: %w", tracker.ErrCorrupt, text, err)
	}
	return values, nil
}

// plain turns the numbers within a value into float64.
func plain(value any) any {
	switch v := value.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return f
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = plain(v[i])
		}
		return list
	case map[string]any:
		for key := range v {
			v[key] = plain(v[key])
		}
	}
	return value
}

// entries adds rows to a run.
type entries struct {
	run   *ingest.Run
	media string // folder of the images
}

// at is where an entry belongs.
type at struct {
	step int64
	time time.Time
}

// add takes one row: a JSON object of metrics.
func (e entries) add(ctx context.Context, step int64, when, prefix, text string) error {
	values, err := object(text)
	if err != nil {
		return err
	}
	moment, err := parseTime(when)
	if err != nil {
		return err
	}
	return e.addAll(ctx, at{step, moment}, prefix, values)
}

func (e entries) addAll(ctx context.Context, at at, prefix string, values map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		err := e.value(ctx, at, prefix+name, values[name])
		if errors.Is(err, tracker.ErrInvalid) {
			e.run.LeaveOut(err.Error())
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// value adds what was logged under one name. Trackio writes numbers that JSON does not know as texts.
func (e entries) value(ctx context.Context, at at, key string, value any) error {
	if _, err := tracker.CleanKey(key); err != nil {
		return err
	}
	switch v := value.(type) {
	case nil:
		return nil
	case bool:
		if v {
			return e.point(ctx, at, key, 1)
		}
		return e.point(ctx, at, key, 0)
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return fmt.Errorf("%w number %s of %s", tracker.ErrInvalid, v, key)
		}
		return e.point(ctx, at, key, f)
	case string:
		switch v {
		case "NaN":
			return e.point(ctx, at, key, math.NaN())
		case "Infinity":
			return e.point(ctx, at, key, math.Inf(1))
		case "-Infinity":
			return e.point(ctx, at, key, math.Inf(-1))
		}
		return e.run.Text(ctx, tracker.Text{Key: key, Step: at.step, Time: at.time, Session: 1, Body: v})
	case map[string]any:
		return e.object(ctx, at, key, v)
	}
	e.run.LeaveOut("lists")
	return nil
}

func (e entries) point(ctx context.Context, at at, key string, value float64) error {
	return e.run.Point(ctx, tracker.Sample{Key: key, Point: tracker.Point{Step: at.step, Time: at.time, Session: 1, Value: value}})
}

// object adds one of Trackio's own kinds, or metrics of a deeper level.
func (e entries) object(ctx context.Context, at at, key string, v map[string]any) error {
	switch kind, _ := v["_type"].(string); kind {
	case "":
		return e.addAll(ctx, at, key+"/", v)
	case "trackio.table":
		return e.table(ctx, at, key, v)
	case "trackio.histogram":
		return e.run.Histogram(ctx, tracker.Histogram{
			Key: key, Step: at.step, Time: at.time, Session: 1, Edges: floats(v["bins"]), Counts: floats(v["values"])})
	case "trackio.image":
		return e.image(ctx, at, key, v)
	default:
		e.run.LeaveOut(kind)
		return nil
	}
}

func floats(list any) []float64 {
	values, _ := list.([]any)
	all := make([]float64, 0, len(values))
	for _, value := range values {
		f, ok := plain(value).(float64)
		if !ok {
			f = math.NaN()
		}
		all = append(all, f)
	}
	return all
}

// table adds a table, which Trackio keeps as a list of rows with names.
func (e entries) table(ctx context.Context, at at, key string, v map[string]any) error {
	table := tracker.Table{Key: key, Step: at.step, Time: at.time, Session: 1}
	list, _ := v["_value"].([]any)
	for _, item := range list {
		row, ok := item.(map[string]any)
		if !ok {
			return fmt.Errorf("%w table %s: a row is no object", tracker.ErrInvalid, key)
		}
		if table.Columns == nil {
			table.Columns = slices.Sorted(maps.Keys(row))
		}
		cells := make([]any, len(table.Columns))
		for i, column := range table.Columns {
			if cells[i] = param(row[column]); !isCell(cells[i]) {
				text, err := json.Marshal(cells[i])
				if err != nil {
					return err
				}
				cells[i] = string(text)
			}
		}
		table.Rows = append(table.Rows, cells)
	}
	return e.run.Table(ctx, table)
}

func isCell(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return false
	}
	return true
}

// image adds the image whose file the entry names.
func (e entries) image(ctx context.Context, at at, key string, v map[string]any) error {
	name, _ := v["file_path"].(string)
	if !filepath.IsLocal(name) {
		return fmt.Errorf("%w path %.100q of image %s", tracker.ErrInvalid, name, key)
	}
	content, err := os.ReadFile(filepath.Join(e.media, name))
	if errors.Is(err, os.ErrNotExist) {
		e.run.LeaveOut("images whose files are missing")
		return nil
	}
	if err != nil {
		return err
	}
	caption, _ := v["caption"].(string)
	image := tracker.Image{Key: key, Step: at.step, Time: at.time, Session: 1, MIME: http.DetectContentType(content), Caption: caption}
	return e.run.Image(ctx, image, strings.NewReader(string(content)))
}
