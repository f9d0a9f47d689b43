package trackio

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/ingest"
)

// IsDatabase reports whether a database holds the tables of Trackio.
func IsDatabase(ctx context.Context, db *sql.DB) (bool, error) {
	var n int
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master
		WHERE type = 'table' AND name IN ('metrics', 'configs', 'system_metrics') AND sql LIKE '%run_name%'`).Scan(&n)
	return n == 3, err
}

// Import brings the runs of Trackio's SQLite file into the store and calls done after each; the project is called as
// the file is. What was imported before is not added again: see package ingest.
//
// Kept are configurations, numbers, truth values (as 1 and 0), texts, tables, histograms, images whose files lie beside
// the database, system metrics (as system/..., their steps the seconds since the run began) and alerts. Nested metrics
// get the names of both levels, a/b. Trackio does not know whether a run has ended: each counts as finished with its
// last entry.
func Import(ctx context.Context, store tracker.Store, path string, done func(*ingest.Run)) error {
	db, err := ingest.OpenDatabase(path)
	if err != nil {
		return err
	}
	defer db.Close()
	i := &importer{
		store: store, db: db, media: filepath.Join(filepath.Dir(path), "media"),
		project: strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)),
	}
	found, err := i.runs(ctx)
	if err != nil {
		return fmt.Errorf("read Trackio's runs: %w", err)
	}
	for _, r := range found {
		run, err := i.run(ctx, r)
		if err != nil {
			return fmt.Errorf("import Trackio's run %s: %w", r.name, err)
		}
		done(run)
	}
	return nil
}

type importer struct {
	store          tracker.Store
	db             *sql.DB
	media, project string
}

// found is a run that some table mentions.
type found struct {
	id, name    string
	first, last time.Time
}

// runs lists the runs, the oldest first: there is no table of them.
func (i *importer) runs(ctx context.Context) (all []found, err error) {
	err = ingest.EachRow(ctx, i.db, func(scan func(...any) error) error {
		var r found
		var first, last string
		if err := scan(&r.id, &r.name, &first, &last); err != nil {
			return err
		}
		var err1, err2 error
		r.first, err1 = parseTime(first)
		r.last, err2 = parseTime(last)
		all = append(all, r)
		return errors.Join(err1, err2)
	}, `SELECT run_id, max(run_name), min(at), max(at) FROM (
			SELECT run_id, run_name, timestamp AS at FROM metrics
			UNION ALL SELECT run_id, run_name, timestamp FROM system_metrics
			UNION ALL SELECT run_id, run_name, created_at FROM configs)
		GROUP BY run_id ORDER BY min(at), run_id`)
	return all, err
}

// parseTime reads the times that Python's isoformat writes; those without a zone are in UTC.
func parseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%w time %.40q", tracker.ErrInvalid, text)
}

func (i *importer) run(ctx context.Context, r found) (*ingest.Run, error) {
	id, err := ingest.ID(r.first, "trackio:"+i.project+":"+r.id)
	if err != nil {
		return nil, err
	}
	source := &tracker.Run{
		ID: id, Project: i.project, Name: r.name, Status: tracker.Finished, Started: r.first, Ended: r.last, Session: 1,
		Params: tracker.Params{}, Tags: map[string]string{"trackio.run_id": r.id},
	}
	if err := i.config(ctx, r.id, source); err != nil {
		return nil, err
	}
	run, err := ingest.Begin(ctx, i.store, source)
	if err != nil {
		return nil, err
	}
	entry := entries{run: run, media: i.media}
	err = ingest.EachRow(ctx, i.db, func(scan func(...any) error) error {
		var step int64
		var at, text string
		if err := scan(&step, &at, &text); err != nil {
			return err
		}
		return entry.add(ctx, step, at, "", text)
	}, "SELECT step, timestamp, metrics FROM metrics WHERE run_id = ? ORDER BY id", r.id)
	if err != nil {
		return nil, err
	}
	err = ingest.EachRow(ctx, i.db, func(scan func(...any) error) error {
		var at, text string
		if err := scan(&at, &text); err != nil {
			return err
		}
		when, err := parseTime(at)
		if err != nil {
			return err
		}
		return entry.add(ctx, int64(when.Sub(r.first).Seconds()), at, "system/", text)
	}, "SELECT timestamp, metrics FROM system_metrics WHERE run_id = ? ORDER BY id", r.id)
	if err != nil {
		return nil, err
	}
	return run, errors.Join(i.alerts(ctx, r.id, run), run.Flush(ctx))
}

// config reads the parameters; names that begin with an underscore are Trackio's own.
func (i *importer) config(ctx context.Context, id string, run *tracker.Run) error {
	return ingest.EachRow(ctx, i.db, func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		values, err := object(text)
		if err != nil {
			return err
		}
		if group, ok := values["_Group"].(string); ok {
			run.Group = group
		}
		if user, ok := values["_Username"].(string); ok {
			run.Tags["trackio.user"] = user
		}
		for key, value := range values {
			if !strings.HasPrefix(key, "_") {
				run.Params[key] = param(value)
			}
		}
		return nil
	}, "SELECT config FROM configs WHERE run_id = ?", id)
}

// param gives a number its type.
func param(value any) any {
	n, ok := value.(json.Number)
	if !ok {
		return plain(value)
	}
	if whole, err := n.Int64(); err == nil {
		return whole
	}
	return plain(value)
}

// alerts become texts.
func (i *importer) alerts(ctx context.Context, id string, run *ingest.Run) error {
	var has bool
	err := i.db.QueryRowContext(ctx, "SELECT count(*) > 0 FROM sqlite_master WHERE name = 'alerts'").Scan(&has)
	if err != nil || !has {
		return err
	}
	return ingest.EachRow(ctx, i.db, func(scan func(...any) error) error {
		var step int64
		var at, level, title, text string
		if err := scan(&step, &at, &level, &title, &text); err != nil {
			return err
		}
		when, err := parseTime(at)
		if err != nil {
			return err
		}
		body := strings.TrimSpace(fmt.Sprintf("%s: %s\n%s", level, title, text))
		return run.Text(ctx, tracker.Text{Key: "alerts", Step: step, Time: when, Session: 1, Body: body})
	}, "SELECT coalesce(step, 0), timestamp, level, title, coalesce(text, '') FROM alerts WHERE run_id = ? ORDER BY id", id)
}
