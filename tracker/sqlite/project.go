package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"paperlab/tracker"
)

// Projects returns all projects by their IDs.
func (s *Store) Projects(ctx context.Context) ([]tracker.Project, error) {
	var projects []tracker.Project
	err := s.read(ctx, "list projects in", s.path, func(t transaction) (err error) {
		projects, err = t.projects("ORDER BY id")
		return err
	})
	return projects, err
}

// UpdateProject lets change alter a project, or make one, in one transaction.
func (s *Store) UpdateProject(ctx context.Context, name string, change func(*tracker.Project) error) (tracker.Project, error) {
	const op = "update project"
	var after tracker.Project
	err := s.write(ctx, op, name, func(t transaction) error {
		var before tracker.Project
		found, err := t.projects("WHERE name = ?", tracker.CleanText(name))
		if err != nil {
			return err
		}
		if after.Name = name; len(found) > 0 {
			before, after = found[0], found[0]
		}
		if after, err = after.Changed(change, time.Now()); err != nil {
			return err
		}
		return t.replaceProject(before, &after)
	})
	if err != nil {
		return tracker.Project{}, err
	}
	return after, nil
}

// replaceProject writes a project, and gives a new one its ID.
func (t transaction) replaceProject(before tracker.Project, after *tracker.Project) error {
	var taken bool
	err := t.row("SELECT EXISTS (SELECT 1 FROM projects WHERE id <> ?1 AND (id = ?2 OR name = ?3))",
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
	err = t.row(`
		INSERT INTO projects (id, name, created, deleted, tags) VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5)
		ON CONFLICT (id) DO UPDATE SET name = ?2, created = ?3, deleted = ?4, tags = ?5 RETURNING id`,
		after.ID, after.Name, after.Created.UnixMilli(), millis(after.Deleted), string(tags)).Scan(&after.ID)
	if err != nil {
		return err
	}
	if before.ID == 0 || before.Name == after.Name {
		return t.touch(0)
	}
	return t.moveRuns(before.Name, after.Name)
}

// moveRuns gives the runs of a project its new name.
func (t transaction) moveRuns(from, to string) error {
	rows, err := t.query("UPDATE runs SET project = ? WHERE project = ? RETURNING seq", to, from)
	if err != nil {
		return err
	}
	seqs, err := scanAll[int64](rows)
	if err != nil {
		return err
	}
	for _, seq := range seqs {
		if err := t.touchRun(seq); err != nil {
			return err
		}
	}
	return t.touch(0)
}

// addProject makes a project that a run names, if it is missing.
func (t transaction) addProject(name string, at time.Time) error {
	var there bool
	if err := t.row("SELECT EXISTS (SELECT 1 FROM projects WHERE name = ?)", name).Scan(&there); err != nil || there {
		return err
	}
	return t.exec("INSERT INTO projects (name, created, tags) VALUES (?, ?, '{}')", name, at.UnixMilli())
}

func (t transaction) projects(which string, args ...any) ([]tracker.Project, error) {
	rows, err := t.query("SELECT id, name, created, deleted, tags FROM projects "+which, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var projects []tracker.Project
	for rows.Next() {
		var p tracker.Project
		var created, deleted sql.NullInt64
		var tags []byte
		if err := rows.Scan(&p.ID, &p.Name, &created, &deleted, &tags); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(tags, &p.Tags); err != nil {
			return nil, fmt.Errorf("%w tags of project %s: %w", tracker.ErrCorrupt, p.Name, err)
		}
		p.Created, p.Deleted = timeOf(created), timeOf(deleted)
		projects = append(projects, p)
	}
	return projects, rows.Err()
}
