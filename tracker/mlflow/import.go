package mlflow

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/ingest"
)

// Import brings the runs of MLflow's SQLite file into the store, those in its bin too, and calls done after each. What
// was imported before is not added again: see package ingest. A run keeps its MLflow ID in the tag mlflow.run_id.
//
// Kept are experiments with their tags, runs with parameters, tags, all metrics, the data sets they read, and the files
// of those whose artifacts lie where the database says, or in the folder mlartifacts beside it. Traces and registered
// models are not runs. The largest float64 stands for infinity there, and is it here.
func Import(ctx context.Context, store tracker.Store, path string, done func(*ingest.Run)) error {
	db, err := ingest.OpenDatabase(path)
	if err != nil {
		return err
	}
	defer db.Close()
	i := &importer{store: store, db: db, folder: filepath.Dir(path)}
	experiments, err := i.experiments(ctx)
	if err != nil {
		return fmt.Errorf("read MLflow's experiments: %w", old(err))
	}
	rows, err := i.runs(ctx)
	if err != nil {
		return fmt.Errorf("read MLflow's runs: %w", old(err))
	}
	i.ids = map[string]string{}
	for _, row := range rows {
		if i.ids[row.id], err = row.newID(); err != nil {
			return err
		}
	}
	for _, row := range rows {
		run, err := i.run(ctx, row, experiments[row.experiment])
		if err != nil {
			return fmt.Errorf("import MLflow's run %s: %w", row.id, err)
		}
		done(run)
	}
	return nil
}

// old says what to do about a database of an earlier version.
func old(err error) error {
	if strings.Contains(err.Error(), "no such column") {
		return fmt.Errorf("%w: bring the database up to date with mlflow db upgrade", err)
	}
	return err
}

// IsDatabase reports whether a database holds the tables of MLflow.
func IsDatabase(ctx context.Context, db *sql.DB) (bool, error) {
	var n int
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master
		WHERE type = 'table' AND name IN ('experiments', 'runs', 'latest_metrics')`).Scan(&n)
	return n == 3, err
}

type importer struct {
	store  tracker.Store
	db     *sql.DB
	folder string            // of the database
	ids    map[string]string // ours by MLflow's
}

// pairs reads rows of two texts.
func (i *importer) pairs(ctx context.Context, query string, args ...any) ([]pair, error) {
	var all []pair
	err := ingest.EachRow(ctx, i.db, func(scan func(...any) error) error {
		var p pair
		var value sql.NullString
		err := scan(&p.Key, &value)
		p.Value = value.String
		all = append(all, p)
		return err
	}, query, args...)
	return all, err
}

// experiments makes the projects that are missing and returns their names by the experiments' IDs.
func (i *importer) experiments(ctx context.Context) (map[int64]string, error) {
	var ids []int64
	var projects []tracker.Project
	err := ingest.EachRow(ctx, i.db, func(scan func(...any) error) error {
		var id int64
		var name, lifecycle string
		var created, updated sql.NullInt64
		if err := scan(&id, &name, &lifecycle, &created, &updated); err != nil {
			return err
		}
		p := tracker.Project{Name: projectName(name), Created: timeOf(integer(created.Int64), time.UnixMilli(0)), Tags: map[string]string{}}
		if lifecycle == "deleted" {
			p.Deleted = timeOf(integer(updated.Int64), p.Created)
		}
		ids, projects = append(ids, id), append(projects, p)
		return nil
	}, "SELECT experiment_id, name, lifecycle_stage, creation_time, last_update_time FROM experiments ORDER BY experiment_id")
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for n, source := range projects {
		names[ids[n]] = source.Name
		tags, err := i.pairs(ctx, "SELECT key, value FROM experiment_tags WHERE experiment_id = ?", ids[n])
		if err != nil {
			return nil, err
		}
		_, err = i.store.UpdateProject(ctx, source.Name, func(p *tracker.Project) error {
			if p.ID == 0 {
				p.Created, p.Deleted = source.Created, source.Deleted
			}
			if p.Tags == nil {
				p.Tags = map[string]string{}
			}
			for _, tag := range tags {
				if _, there := p.Tags[tag.Key]; !there {
					p.Tags[tag.Key] = tag.Value
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}

// row is a run in MLflow's table.
type row struct {
	id, name, status, artifacts, user string
	lifecycle, source, commit         string
	experiment                        int64
	started, ended, deleted           int64 // milliseconds; 0: not
}

func (r row) newID() (string, error) { return ingest.ID(time.UnixMilli(r.started), "mlflow:"+r.id) }

func (i *importer) runs(ctx context.Context) ([]row, error) {
	var all []row
	err := ingest.EachRow(ctx, i.db, func(scan func(...any) error) error {
		var r row
		err := scan(&r.id, &r.name, &r.status, &r.artifacts, &r.user, &r.lifecycle, &r.source, &r.commit,
			&r.experiment, &r.started, &r.ended, &r.deleted)
		all = append(all, r)
		return err
	}, `SELECT run_uuid, coalesce(name, ''), status, coalesce(artifact_uri, ''), coalesce(user_id, ''), lifecycle_stage,
			coalesce(source_name, ''), coalesce(source_version, ''), experiment_id,
			coalesce(start_time, 0), coalesce(end_time, 0), coalesce(deleted_time, 0)
		FROM runs ORDER BY start_time, run_uuid`)
	return all, err
}

// run brings one run with all that is of it.
func (i *importer) run(ctx context.Context, r row, project string) (*ingest.Run, error) {
	source, err := i.describe(ctx, r, project)
	if err != nil {
		return nil, err
	}
	run, err := ingest.Begin(ctx, i.store, source)
	if err != nil {
		return nil, err
	}
	if err := i.metrics(ctx, r, run); err != nil {
		return nil, err
	}
	if err := i.datasets(ctx, r, run); err != nil {
		return nil, err
	}
	return run, i.artifacts(ctx, r, run)
}

// describe gathers what is known of a run.
func (i *importer) describe(ctx context.Context, r row, project string) (*tracker.Run, error) {
	status, err := parseStatus(r.status)
	if err != nil {
		return nil, err
	}
	run := &tracker.Run{
		ID: i.ids[r.id], Project: project, Name: r.name, Status: status, Started: time.UnixMilli(r.started), Session: 1,
		Params: tracker.Params{}, Tags: map[string]string{"mlflow.run_id": r.id},
		Source: tracker.Source{Command: r.source, Commit: r.commit},
	}
	if r.ended != 0 {
		run.Ended = time.UnixMilli(r.ended)
	} else if status.Ended() {
		run.Ended = run.Started
	}
	if r.lifecycle == "deleted" {
		run.Deleted = time.UnixMilli(max(r.deleted, r.ended, r.started))
	}
	if r.user != "" {
		run.Tags[tagUser] = r.user
	}
	params, err := i.pairs(ctx, "SELECT key, value FROM params WHERE run_uuid = ?", r.id)
	if err != nil {
		return nil, err
	}
	for _, p := range params {
		run.Params[p.Key] = paramValue(p.Value)
	}
	tags, err := i.pairs(ctx, "SELECT key, value FROM tags WHERE run_uuid = ?", r.id)
	if err != nil {
		return nil, err
	}
	for _, tag := range tags {
		if parent, ok := i.ids[tag.Value]; ok && tag.Key == tagParent {
			tag.Value = parent
		}
		setTag(run, tag)
	}
	return run, nil
}

// metrics brings all points, of each metric in order of its steps and times.
func (i *importer) metrics(ctx context.Context, r row, run *ingest.Run) error {
	err := ingest.EachRow(ctx, i.db, func(scan func(...any) error) error {
		var s tracker.Sample
		var at int64
		var nan bool
		if err := scan(&s.Key, &s.Value, &at, &s.Step, &nan); err != nil {
			return err
		}
		switch {
		case nan:
			s.Value = math.NaN()
		case math.Abs(s.Value) == math.MaxFloat64:
			s.Value = math.Inf(int(math.Copysign(1, s.Value)))
		}
		s.Time, s.Session = time.UnixMilli(at), 1
		return run.Point(ctx, s)
	}, "SELECT key, value, timestamp, step, is_nan FROM metrics WHERE run_uuid = ? ORDER BY key, step, timestamp, value", r.id)
	return errors.Join(err, run.Flush(ctx))
}

// datasets brings what the run read, in the form in which clients tell it.
func (i *importer) datasets(ctx context.Context, r row, run *ingest.Run) error {
	var has bool
	err := i.db.QueryRowContext(ctx, "SELECT count(*) = 3 FROM sqlite_master WHERE name IN ('inputs', 'datasets', 'input_tags')").Scan(&has)
	if err != nil || !has {
		return err
	}
	var bodies []string
	err = ingest.EachRow(ctx, i.db, func(scan func(...any) error) error {
		var body string
		err := scan(&body)
		bodies = append(bodies, body)
		return err
	}, `SELECT json_object(
			'tags', coalesce((SELECT json_group_array(json_object('key', t.name, 'value', t.value))
				FROM input_tags t WHERE t.input_uuid = i.input_uuid), json('[]')),
			'dataset', json_object('name', d.name, 'digest', d.digest, 'source_type', d.dataset_source_type, 'source', d.dataset_source,
				'schema', d.dataset_schema, 'profile', d.dataset_profile))
		FROM inputs i JOIN datasets d ON i.source_id = d.dataset_uuid
		WHERE i.destination_id = ? AND i.source_type = 'DATASET' ORDER BY d.name, d.digest`, r.id)
	if err != nil {
		return err
	}
	for _, body := range bodies {
		text := tracker.Text{Key: keyDatasets, Time: time.UnixMilli(r.started), Session: 1, Body: body}
		if err := run.Text(ctx, text); err != nil {
			return err
		}
	}
	return nil
}
