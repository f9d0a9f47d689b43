package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"paperlab/tracker"
)

// CreateRun adds a run.
func (s *Store) CreateRun(ctx context.Context, run *tracker.Run) error {
	const op = "create run"
	r, err := run.Normalized()
	if err != nil {
		return explain(op, run.ID, err)
	}
	columns, err := runColumns(r)
	if err != nil {
		return explain(op, r.ID, err)
	}
	return s.write(ctx, op, r.ID, func(tx pgx.Tx) error {
		if _, err := seqOf(ctx, tx, r.ID); err == nil {
			return tracker.ErrExists
		} else if !errors.Is(err, tracker.ErrNotFound) {
			return err
		}
		if err := addProject(ctx, tx, r.Project, r.Started); err != nil {
			return err
		}
		var seq int64
		if err := tx.QueryRow(ctx, insertRun, append(columns, r.ID)...).Scan(&seq); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO changes (run, revision) VALUES ($1, pg_current_xact_id()::text::bigint)", seq); err != nil {
			return err
		}
		if err := setParams(ctx, tx, seq, r.Params); err != nil {
			return err
		}
		return setTags(ctx, tx, seq, r.Tags)
	})
}

// UpdateRun lets change alter the run in one transaction.
func (s *Store) UpdateRun(ctx context.Context, id string, change func(*tracker.Run) error) (*tracker.Run, error) {
	var updated *tracker.Run
	err := s.write(ctx, "update run", id, func(tx pgx.Tx) error {
		if _, err := changing(ctx, tx, id); err != nil {
			return err
		}
		// Heartbeats come without asking for the lock that changing holds.
		if _, err := tx.Exec(ctx, "SELECT 1 FROM runs WHERE id = $1 FOR NO KEY UPDATE", id); err != nil {
			return err
		}
		seq, before, err := oneRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if updated, err = before.Changed(change); err != nil {
			return err
		}
		return replaceRun(ctx, tx, seq, before, updated)
	})
	if err != nil {
		return nil, err
	}
	return updated, nil
}

func replaceRun(ctx context.Context, tx pgx.Tx, seq int64, before, after *tracker.Run) error {
	columns, err := runColumns(after)
	if err != nil {
		return err
	}
	if err := addProject(ctx, tx, after.Project, after.Started); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, updateRun, append(columns, seq)...); err != nil {
		return err
	}
	if !reflect.DeepEqual(before.Params, after.Params) {
		if err := setParams(ctx, tx, seq, after.Params); err != nil {
			return err
		}
	}
	if !maps.Equal(before.Tags, after.Tags) {
		return setTags(ctx, tx, seq, after.Tags)
	}
	return nil
}

// Heartbeat notes a sign of life. A run that has not ended otherwise is running.
func (s *Store) Heartbeat(ctx context.Context, id string, at time.Time) error {
	return s.write(ctx, "keep run alive", id, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "UPDATE runs SET heartbeat = $2 WHERE id = $1 AND status <> 'crashed'", id, millis(at))
		if err != nil || tag.RowsAffected() > 0 {
			return err
		}
		seq, err := changing(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE runs SET heartbeat = $2, status = 'running', ended = NULL WHERE seq = $1", seq, millis(at))
		return err
	})
}

const (
	insertRun = `
		INSERT INTO runs (project, name, grouping, parent, status, started, ended, heartbeat, deleted, session,
			owner_pid, owner_born, owner_boot, notes, command, dir, git_commit, git_diff, host, cpu, gpu, env, id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
		RETURNING seq`
	updateRun = `
		UPDATE runs SET project = $1, name = $2, grouping = $3, parent = $4, status = $5, started = $6, ended = $7, heartbeat = $8,
			deleted = $9, session = $10, owner_pid = $11, owner_born = $12, owner_boot = $13, notes = $14, command = $15,
			dir = $16, git_commit = $17, git_diff = $18, host = $19, cpu = $20, gpu = $21, env = $22
		WHERE seq = $23`
)

// runColumns gives the values for insertRun and updateRun, but for the last one.
func runColumns(r *tracker.Run) ([]any, error) {
	env, err := json.Marshal(r.Machine.Env)
	if err != nil {
		return nil, err
	}
	var pid, born pgtype.Int8
	var boot pgtype.Text
	if o := r.Owner; o != nil {
		pid = pgtype.Int8{Int64: int64(o.PID), Valid: true}
		born = pgtype.Int8{Int64: int64(o.Born), Valid: true}
		boot = pgtype.Text{String: tracker.CleanText(o.Boot), Valid: true}
	}
	return []any{
		r.Project, r.Name, r.Group, r.Parent, string(r.Status), r.Started.UnixMilli(), millis(r.Ended), millis(r.Heartbeat),
		millis(r.Deleted), r.Session, pid, born, boot, r.Notes, r.Source.Command, r.Source.Dir, r.Source.Commit,
		r.Source.Diff, r.Machine.Host, r.Machine.CPU, r.Machine.GPU, string(env),
	}, nil
}

func setParams(ctx context.Context, tx pgx.Tx, seq int64, params tracker.Params) error {
	var keys, kinds, values []string
	for key, value := range params {
		kind, text, err := tracker.EncodeParam(value)
		if err != nil {
			return fmt.Errorf("parameter %s: %w", key, err)
		}
		keys, kinds, values = append(keys, key), append(kinds, kind), append(values, text)
	}
	if _, err := tx.Exec(ctx, "DELETE FROM params WHERE run = $1", seq); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO params (run, key, kind, value) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])",
		seq, keys, kinds, values)
	return err
}

func setTags(ctx context.Context, tx pgx.Tx, seq int64, tags map[string]string) error {
	var keys, values []string
	for key, value := range tags {
		keys, values = append(keys, key), append(values, value)
	}
	if _, err := tx.Exec(ctx, "DELETE FROM tags WHERE run = $1", seq); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO tags (run, key, value) SELECT $1, * FROM unnest($2::text[], $3::text[])", seq, keys, values)
	return err
}
