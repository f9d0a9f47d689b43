package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"paperlab/tracker"
)

// Projects returns all projects by their IDs.
func (r reader) Projects(ctx context.Context) ([]tracker.Project, error) {
	var projects []tracker.Project
	err := r.read(ctx, "list projects in", r.where, func(tx pgx.Tx) (err error) {
		projects, err = readProjects(ctx, tx, "ORDER BY id")
		return err
	})
	return projects, err
}

// UpdateProject lets change alter a project, or make one, in one transaction.
func (s *Store) UpdateProject(ctx context.Context, name string, change func(*tracker.Project) error) (tracker.Project, error) {
	var after tracker.Project
	err := s.write(ctx, "update project", name, func(tx pgx.Tx) error {
		before := tracker.Project{}
		found, err := readProjects(ctx, tx, "WHERE name = $1 FOR UPDATE", tracker.CleanText(name))
		if err != nil {
			return err
		}
		after = tracker.Project{Name: name}
		if len(found) > 0 {
			before, after = found[0], found[0]
		}
		if after, err = after.Changed(change, time.Now()); err != nil {
			return err
		}
		return replaceProject(ctx, tx, before, &after)
	})
	if err != nil {
		return tracker.Project{}, err
	}
	return after, nil
}

// replaceProject writes a project, and gives a new one its ID.
func replaceProject(ctx context.Context, tx pgx.Tx, before tracker.Project, after *tracker.Project) error {
	var taken bool
	err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM projects WHERE id <> $1 AND (id = $2 OR name = $3))",
		before.ID, after.ID, after.Name).Scan(&taken)
	if err != nil {
		return err
	}
	if taken {
		return fmt.Errorf("project %q, number %d: %w", after.Name, after.ID, tracker.ErrExists)
	}
	tags, err := json.Marshal(after.Tags)
	if err != nil {
		return err
	}
	columns := []any{after.Name, after.Created.UnixMilli(), millis(after.Deleted), string(tags)}
	if before.ID != 0 {
		return changeProject(ctx, tx, before, after.Name, columns)
	}
	if after.ID == 0 {
		return tx.QueryRow(ctx, "INSERT INTO projects (name, created, deleted, tags) VALUES ($1, $2, $3, $4) RETURNING id", columns...).
			Scan(&after.ID)
	}
	if _, err := tx.Exec(ctx, "INSERT INTO projects (name, created, deleted, tags, id) VALUES ($1, $2, $3, $4, $5)", append(columns, after.ID)...); err != nil {
		return err
	}
	// The next one comes after it.
	_, err = tx.Exec(ctx, "SELECT setval(ids, greatest(nextval(ids), $1)) FROM CAST (pg_get_serial_sequence('projects', 'id') AS regclass) AS ids", after.ID)
	return err
}

// changeProject updates a project. Its runs follow its name by their foreign key; they are locked before, in order, as
// writers of runs lock them.
func changeProject(ctx context.Context, tx pgx.Tx, before tracker.Project, name string, columns []any) error {
	if before.Name != name {
		if _, err := tx.Exec(ctx, `
			WITH moved AS (
				SELECT run FROM changes JOIN runs ON seq = run WHERE project = $1 ORDER BY run FOR UPDATE OF changes)
			UPDATE changes SET revision = pg_current_xact_id()::text::bigint FROM moved WHERE changes.run = moved.run`, before.Name); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, "UPDATE projects SET name = $1, created = $2, deleted = $3, tags = $4 WHERE id = $5", append(columns, before.ID)...)
	return err
}

// addProject makes a project that a run names, if it is missing.
func addProject(ctx context.Context, tx pgx.Tx, name string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO projects (name, created, tags)
		SELECT $1, $2, '{}' WHERE NOT EXISTS (SELECT 1 FROM projects WHERE name = $1) ON CONFLICT DO NOTHING`, name, at.UnixMilli())
	return err
}

func readProjects(ctx context.Context, tx pgx.Tx, which string, args ...any) ([]tracker.Project, error) {
	rows, err := tx.Query(ctx, "SELECT id, name, created, deleted, tags FROM projects "+which, args...)
	if err != nil {
		return nil, err
	}
	return pgx.AppendRows([]tracker.Project(nil), rows, func(row pgx.CollectableRow) (p tracker.Project, err error) {
		var created, deleted pgtype.Int8
		var tags string
		if err := row.Scan(&p.ID, &p.Name, &created, &deleted, &tags); err != nil {
			return p, err
		}
		if err := json.Unmarshal([]byte(tags), &p.Tags); err != nil {
			return p, fmt.Errorf("%w tags of project %s: %w", tracker.ErrCorrupt, p.Name, err)
		}
		p.Created, p.Deleted = timeOf(created), timeOf(deleted)
		return p, nil
	})
}
