package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"paperlab/tracker"
)

// Run returns the run with this ID.
func (r reader) Run(ctx context.Context, id string) (*tracker.Run, error) {
	var run *tracker.Run
	err := r.read(ctx, "read run", id, func(tx pgx.Tx) (err error) {
		_, run, err = oneRun(ctx, tx, id)
		return err
	})
	return run, err
}

// Runs returns the runs that the filter lets through, the one that started last first, without their diffs.
func (r reader) Runs(ctx context.Context, filter tracker.RunFilter) ([]*tracker.Run, error) {
	var runs []*tracker.Run
	err := r.read(ctx, "list runs in", r.where, func(tx pgx.Tx) (err error) {
		_, runs, err = readRuns(ctx, tx, "''", `
			WHERE ($1::text[] IS NULL OR id = ANY ($1)) AND ($2 = '' OR project = $2) AND ($3 = '' OR status = $3)
				AND (deleted IS NOT NULL) = $4`,
			filter.IDs, filter.Project, string(filter.Status), filter.Deleted)
		return err
	})
	return runs, err
}

// oneRun returns a run and its row number.
func oneRun(ctx context.Context, tx pgx.Tx, id string) (int64, *tracker.Run, error) {
	seqs, runs, err := readRuns(ctx, tx, "git_diff", "WHERE id = $1", id)
	if err != nil {
		return 0, nil, err
	}
	if len(runs) == 0 {
		return 0, nil, errNoRun
	}
	return seqs[0], runs[0], nil
}

// seqOf returns the row number of a run.
func seqOf(ctx context.Context, tx pgx.Tx, run string) (seq int64, err error) {
	err = tx.QueryRow(ctx, "SELECT seq FROM runs WHERE id = $1", run).Scan(&seq)
	return seq, noRun(err)
}

var errNoRun = &tracker.Error{Op: "find run", Err: tracker.ErrNotFound, Advice: "paperlab runs ls lists the runs"}

// noRun says what it means that a query for a run found no row.
func noRun(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoRun
	}
	return err
}

// readRuns returns the runs that the condition chooses, and their row numbers, the one that started last first. Its three
// queries go to the server together.
func readRuns(ctx context.Context, tx pgx.Tx, diff, where string, args ...any) (seqs []int64, runs []*tracker.Run, err error) {
	bySeq := map[int64]*tracker.Run{}
	chosen := " WHERE run IN (SELECT seq FROM runs " + where + ")"
	batch := &pgx.Batch{}
	batch.Queue(`
		SELECT seq, id, project, name, grouping, parent, status, started, ended, heartbeat, deleted, session,
			owner_pid, owner_born, owner_boot, notes, command, dir, git_commit, host, cpu, gpu, env, `+diff+`
		FROM runs `+where+` ORDER BY started DESC, id DESC`, args...).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			seq, run, err := scanRun(rows)
			if err != nil {
				return err
			}
			seqs, runs, bySeq[seq] = append(seqs, seq), append(runs, run), run
		}
		return rows.Err()
	})
	batch.Queue("SELECT run, key, kind, value FROM params"+chosen, args...).Query(func(rows pgx.Rows) error {
		var seq int64
		var key, kind, text string
		_, err := pgx.ForEachRow(rows, []any{&seq, &key, &kind, &text}, func() error {
			value, err := tracker.DecodeParam(kind, text)
			if err != nil {
				return fmt.Errorf("parameter %s: %w", key, err)
			}
			bySeq[seq].Params[key] = value
			return nil
		})
		return err
	})
	batch.Queue("SELECT run, key, value FROM tags"+chosen, args...).Query(func(rows pgx.Rows) error {
		var seq int64
		var key, value string
		_, err := pgx.ForEachRow(rows, []any{&seq, &key, &value}, func() error {
			bySeq[seq].Tags[key] = value
			return nil
		})
		return err
	})
	return seqs, runs, tx.SendBatch(ctx, batch).Close()
}

func scanRun(row pgx.Row) (int64, *tracker.Run, error) {
	r := &tracker.Run{Params: tracker.Params{}, Tags: map[string]string{}}
	var seq int64
	var started, ended, heartbeat, deleted, pid, born pgtype.Int8
	var boot pgtype.Text
	var env string
	err := row.Scan(&seq, &r.ID, &r.Project, &r.Name, &r.Group, &r.Parent, &r.Status, &started, &ended, &heartbeat, &deleted, &r.Session,
		&pid, &born, &boot, &r.Notes, &r.Source.Command, &r.Source.Dir, &r.Source.Commit,
		&r.Machine.Host, &r.Machine.CPU, &r.Machine.GPU, &env, &r.Source.Diff)
	if err != nil {
		return 0, nil, err
	}
	if err := json.Unmarshal([]byte(env), &r.Machine.Env); err != nil {
		return 0, nil, fmt.Errorf("%w environment of run %s: %w", tracker.ErrCorrupt, r.ID, err)
	}
	r.Started, r.Ended, r.Heartbeat, r.Deleted = timeOf(started), timeOf(ended), timeOf(heartbeat), timeOf(deleted)
	if pid.Valid {
		r.Owner = &tracker.Owner{PID: int(pid.Int64), Born: uint64(born.Int64), Boot: boot.String}
	}
	return seq, r, nil
}
