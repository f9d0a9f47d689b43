package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"paperlab/tracker"
)

// Run returns the run with this ID.
func (s *Store) Run(ctx context.Context, id string) (*tracker.Run, error) {
	var run *tracker.Run
	err := s.read(ctx, "read run", id, func(t transaction) (err error) {
		_, run, err = t.run(id)
		return err
	})
	return run, err
}

// Runs returns the runs that the filter lets through, the one that started last first, without their diffs.
func (s *Store) Runs(ctx context.Context, filter tracker.RunFilter) ([]*tracker.Run, error) {
	var runs []*tracker.Run
	err := s.read(ctx, "list runs in", s.path, func(t transaction) error {
		ids, err := json.Marshal(filter.IDs)
		if err != nil {
			return err
		}
		_, runs, err = t.runs("''", `
			WHERE (?1 = 'null' OR id IN (SELECT value FROM json_each(?1)))
				AND (?2 = '' OR project = ?2) AND (?3 = '' OR status = ?3) AND (deleted IS NOT NULL) = ?4`,
			string(ids), filter.Project, string(filter.Status), filter.Deleted)
		return err
	})
	return runs, err
}

// run returns one run and its row number.
func (t transaction) run(id string) (int64, *tracker.Run, error) {
	seqs, runs, err := t.runs("coalesce((SELECT body FROM diffs WHERE run = seq), '')", "WHERE id = ?1", id)
	if err != nil {
		return 0, nil, err
	}
	if len(runs) == 0 {
		return 0, nil, errNoRun
	}
	return seqs[0], runs[0], nil
}

var errNoRun = &tracker.Error{Op: "find run", Err: tracker.ErrNotFound, Advice: "paperlab runs ls lists the runs"}

// runs returns the runs that the condition chooses, and their row numbers, the one that started last first.
func (t transaction) runs(diff, where string, args ...any) (seqs []int64, runs []*tracker.Run, err error) {
	rows, err := t.query(`
		SELECT seq, id, project, name, grouping, parent, status, started, ended, heartbeat, deleted, session,
			owner_pid, owner_born, owner_boot, notes, command, dir, git_commit, host, cpu, gpu, env, `+diff+`
		FROM runs `+where+` ORDER BY started DESC, id DESC`, args...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	bySeq := map[int64]*tracker.Run{}
	for rows.Next() {
		seq, run, err := scanRun(rows)
		if err != nil {
			return nil, nil, err
		}
		seqs, runs, bySeq[seq] = append(seqs, seq), append(runs, run), run
	}
	if err := rows.Err(); err != nil {
		return nil, nil, err
	}
	chosen := " WHERE run IN (SELECT seq FROM runs " + where + ")"
	if err := t.readParams(bySeq, chosen, args); err != nil {
		return nil, nil, err
	}
	return seqs, runs, t.readTags(bySeq, chosen, args)
}

func scanRun(rows *sql.Rows) (int64, *tracker.Run, error) {
	r := &tracker.Run{Params: tracker.Params{}, Tags: map[string]string{}}
	var seq int64
	var started, ended, heartbeat, deleted, pid, born sql.NullInt64
	var boot sql.NullString
	var env []byte
	err := rows.Scan(&seq, &r.ID, &r.Project, &r.Name, &r.Group, &r.Parent, &r.Status, &started, &ended, &heartbeat, &deleted, &r.Session,
		&pid, &born, &boot, &r.Notes, &r.Source.Command, &r.Source.Dir, &r.Source.Commit,
		&r.Machine.Host, &r.Machine.CPU, &r.Machine.GPU, &env, &r.Source.Diff)
	if err != nil {
		return 0, nil, err
	}
	if err := json.Unmarshal(env, &r.Machine.Env); err != nil {
		return 0, nil, fmt.Errorf("%w environment of run %s: %w", tracker.ErrCorrupt, r.ID, err)
	}
	r.Started, r.Ended, r.Heartbeat, r.Deleted = timeOf(started), timeOf(ended), timeOf(heartbeat), timeOf(deleted)
	if pid.Valid {
		r.Owner = &tracker.Owner{PID: int(pid.Int64), Born: uint64(born.Int64), Boot: boot.String}
	}
	return seq, r, nil
}

func (t transaction) readParams(runs map[int64]*tracker.Run, where string, args []any) error {
	rows, err := t.query("SELECT run, key, kind, value FROM params"+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var key, kind, text string
		if err := rows.Scan(&seq, &key, &kind, &text); err != nil {
			return err
		}
		value, err := tracker.DecodeParam(kind, text)
		if err != nil {
			return fmt.Errorf("parameter %s: %w", key, err)
		}
		runs[seq].Params[key] = value
	}
	return rows.Err()
}

func (t transaction) readTags(runs map[int64]*tracker.Run, where string, args []any) error {
	rows, err := t.query("SELECT run, key, value FROM tags"+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var key, value string
		if err := rows.Scan(&seq, &key, &value); err != nil {
			return err
		}
		runs[seq].Tags[key] = value
	}
	return rows.Err()
}
