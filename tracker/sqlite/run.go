package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"time"

	"paperlab/tracker"
)

// CreateRun adds a run.
func (s *Store) CreateRun(ctx context.Context, run *tracker.Run) error {
	const op = "create run"
	r, err := run.Normalized()
	if err != nil {
		return explain(op, run.ID, err)
	}
	return s.write(ctx, op, r.ID, func(t transaction) error {
		var taken bool
		if err := t.row("SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)", r.ID).Scan(&taken); err != nil {
			return err
		}
		if taken {
			return tracker.ErrExists
		}
		if err := t.addProject(r.Project, r.Started); err != nil {
			return err
		}
		var seq int64
		columns, err := runColumns(r)
		if err != nil {
			return err
		}
		if err := t.row(insertRun, append(columns, r.ID)...).Scan(&seq); err != nil {
			return err
		}
		if err := t.exec("INSERT INTO changes (run, revision) VALUES (?, 0)", seq); err != nil {
			return err
		}
		if err := t.touchRun(seq); err != nil {
			return err
		}
		if err := t.setDiff(seq, r.Source.Diff); err != nil {
			return err
		}
		if err := t.setParams(seq, r.Params); err != nil {
			return err
		}
		return t.setTags(seq, r.Tags)
	})
}

// UpdateRun lets change alter the run in one transaction.
func (s *Store) UpdateRun(ctx context.Context, id string, change func(*tracker.Run) error) (*tracker.Run, error) {
	const op = "update run"
	var updated *tracker.Run
	err := s.write(ctx, op, id, func(t transaction) error {
		seq, before, err := t.run(id)
		if err != nil {
			return err
		}
		if updated, err = before.Changed(change); err != nil {
			return err
		}
		return t.replaceRun(seq, before, updated)
	})
	return updated, err
}

func (t transaction) replaceRun(seq int64, before, after *tracker.Run) error {
	columns, err := runColumns(after)
	if err != nil {
		return err
	}
	if err := t.addProject(after.Project, after.Started); err != nil {
		return err
	}
	if err := t.exec(updateRun, append(columns, seq)...); err != nil {
		return err
	}
	if err := t.touchRun(seq); err != nil {
		return err
	}
	if before.Source.Diff != after.Source.Diff {
		if err := t.setDiff(seq, after.Source.Diff); err != nil {
			return err
		}
	}
	if !reflect.DeepEqual(before.Params, after.Params) {
		if err := t.setParams(seq, after.Params); err != nil {
			return err
		}
	}
	if !maps.Equal(before.Tags, after.Tags) {
		return t.setTags(seq, after.Tags)
	}
	return nil
}

// Heartbeat notes a sign of life. A run that has not ended otherwise is running.
func (s *Store) Heartbeat(ctx context.Context, id string, at time.Time) error {
	return s.write(ctx, "keep run alive", id, func(t transaction) error {
		seq, err := t.seq(id)
		if err != nil {
			return err
		}
		if err := t.exec("UPDATE runs SET heartbeat = ? WHERE seq = ?", millis(at), seq); err != nil {
			return err
		}
		err = t.row("UPDATE runs SET status = 'running', ended = NULL WHERE seq = ? AND status = 'crashed' RETURNING seq", seq).Scan(&seq)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return t.touchRun(seq)
	})
}

// touchRun notes that the run itself changes in this transaction, not only what was added to it.
func (t transaction) touchRun(seq int64) error {
	if err := t.touch(seq); err != nil {
		return err
	}
	return t.exec("UPDATE runs SET revision = (SELECT revision FROM changes WHERE run = seq) WHERE seq = ?", seq)
}

const (
	insertRun = `
		INSERT INTO runs (project, name, grouping, parent, status, started, ended, heartbeat, deleted, session,
			owner_pid, owner_born, owner_boot, notes, command, dir, git_commit, host, cpu, gpu, env, id, revision)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?, 0)
		RETURNING seq`
	updateRun = `
		UPDATE runs SET project = ?, name = ?, grouping = ?, parent = ?, status = ?, started = ?, ended = ?, heartbeat = ?, deleted = ?,
			session = ?, owner_pid = ?, owner_born = ?, owner_boot = ?, notes = ?, command = ?, dir = ?, git_commit = ?,
			host = ?, cpu = ?, gpu = ?, env = ?
		WHERE seq = ?`
)

// runColumns gives the values for insertRun and updateRun, but for the last one.
func runColumns(r *tracker.Run) ([]any, error) {
	env, err := json.Marshal(r.Machine.Env)
	if err != nil {
		return nil, err
	}
	var pid, born sql.NullInt64
	var boot sql.NullString
	if o := r.Owner; o != nil {
		pid = sql.NullInt64{Int64: int64(o.PID), Valid: true}
		born = sql.NullInt64{Int64: int64(o.Born), Valid: true}
		boot = sql.NullString{String: o.Boot, Valid: true}
	}
	return []any{
		r.Project, r.Name, r.Group, r.Parent, string(r.Status), r.Started.UnixMilli(), millis(r.Ended), millis(r.Heartbeat), millis(r.Deleted),
		r.Session, pid, born, boot, r.Notes, r.Source.Command, r.Source.Dir, r.Source.Commit,
		r.Machine.Host, r.Machine.CPU, r.Machine.GPU, string(env),
	}, nil
}

func (t transaction) setDiff(seq int64, diff string) error {
	if diff == "" {
		return t.exec("DELETE FROM diffs WHERE run = ?", seq)
	}
	return t.exec("INSERT OR REPLACE INTO diffs (run, body) VALUES (?, ?)", seq, diff)
}

func (t transaction) setParams(seq int64, params tracker.Params) error {
	if err := t.exec("DELETE FROM params WHERE run = ?", seq); err != nil {
		return err
	}
	for key, value := range params {
		kind, text, err := tracker.EncodeParam(value)
		if err != nil {
			return fmt.Errorf("parameter %s: %w", key, err)
		}
		if err := t.exec("INSERT INTO params (run, key, kind, value) VALUES (?, ?, ?, ?)", seq, key, kind, text); err != nil {
			return err
		}
	}
	return nil
}

func (t transaction) setTags(seq int64, tags map[string]string) error {
	if err := t.exec("DELETE FROM tags WHERE run = ?", seq); err != nil {
		return err
	}
	for key, value := range tags {
		if err := t.exec("INSERT INTO tags (run, key, value) VALUES (?, ?, ?)", seq, key, value); err != nil {
			return err
		}
	}
	return nil
}
