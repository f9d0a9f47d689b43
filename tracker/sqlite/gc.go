package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"paperlab/tracker"
)

// GC empties the bin, removes contents that nothing refers to, and rewrites the file without the space that is free,
// for which it needs as much room again for a while. Each run is removed in a transaction of its own, so that writers
// hardly wait; while the file is rewritten they do.
func (s *Store) GC(ctx context.Context, before time.Time) (tracker.Collected, error) {
	const op = "collect garbage in"
	var c tracker.Collected
	takes, err := s.diskUse()
	if err != nil {
		return c, explain(op, s.path, err)
	}
	if err := s.emptyBin(ctx, op, before.UnixMilli(), &c); err != nil {
		return c, err
	}
	if err := s.write(ctx, op, s.path, s.removeContents); err != nil {
		return c, err
	}
	if err := s.shrink(ctx); err != nil {
		return c, explain(op, s.path, err)
	}
	left, err := s.diskUse()
	if err != nil {
		return c, explain(op, s.path, err)
	}
	c.Bytes = max(0, takes-left)
	return c, nil
}

func (s *Store) emptyBin(ctx context.Context, op string, before int64, c *tracker.Collected) error {
	var seqs []int64
	err := s.read(ctx, op, s.path, func(t transaction) error {
		rows, err := t.query("SELECT seq FROM runs WHERE deleted < ? ORDER BY seq", before)
		if err != nil {
			return err
		}
		seqs, err = scanAll[int64](rows)
		return err
	})
	if err != nil {
		return err
	}
	for _, seq := range seqs {
		var points int64
		removed := false
		err := s.write(ctx, op, s.path, func(t transaction) (err error) {
			removed, points, err = t.removeRun(seq, before)
			return err
		})
		if err != nil {
			return err
		}
		if removed {
			c.Runs, c.Points = c.Runs+1, c.Points+points
		}
	}
	return s.write(ctx, op, s.path, func(t transaction) error {
		return t.exec("DELETE FROM projects WHERE deleted < ? AND NOT EXISTS (SELECT 1 FROM runs WHERE project = projects.name)", before)
	})
}

// removeRun removes a run with all that it logged, unless it was taken out of the bin meanwhile.
func (t transaction) removeRun(seq, before int64) (removed bool, points int64, err error) {
	if err := t.row("SELECT EXISTS (SELECT 1 FROM runs WHERE seq = ? AND deleted < ?)", seq, before).Scan(&removed); err != nil || !removed {
		return false, 0, err
	}
	result, err := t.conn.ExecContext(t.ctx, "DELETE FROM points WHERE series IN (SELECT id FROM series WHERE run = ?)", seq)
	if err != nil {
		return false, 0, err
	}
	if points, err = result.RowsAffected(); err != nil {
		return false, 0, err
	}
	for _, statement := range []string{
		"DELETE FROM runs WHERE seq = ?", // and what refers to it
		"DELETE FROM changes WHERE run = ?",
	} {
		if err := t.exec(statement, seq); err != nil {
			return false, 0, err
		}
	}
	// Numbers of runs and texts may be given again, and the index of the search knows them: it is to be made anew.
	return true, points, errors.Join(t.exec("DROP TABLE IF EXISTS search_state"), t.touch(0))
}

// A content that was not written to for so long was left behind by a process that died.
const abandoned = 24 * time.Hour

// removeContents removes the files that no row names, while nobody can add such a row.
func (s *Store) removeContents(t transaction) error {
	rows, err := t.query("SELECT hash FROM artifacts UNION SELECT hash FROM images")
	if err != nil {
		return err
	}
	named, err := scanAll[string](rows)
	if err != nil {
		return err
	}
	keep := make(map[string]bool, len(named))
	for _, hash := range named {
		keep[hash] = true
	}
	return filepath.WalkDir(s.contentFolder(), func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() || keep[entry.Name()] {
			return err
		}
		if strings.HasPrefix(entry.Name(), incomingPrefix) {
			info, err := entry.Info()
			if errors.Is(err, fs.ErrNotExist) || err == nil && time.Since(info.ModTime()) < abandoned {
				return nil
			}
		}
		return os.Remove(path)
	})
}

// shrink gives the free pages of the file back.
func (s *Store) shrink(ctx context.Context) error {
	var free int64
	if err := s.reader.QueryRowContext(ctx, "PRAGMA freelist_count").Scan(&free); err != nil {
		return err
	}
	if free > 0 {
		if err := retryBusy(ctx, func() error { _, err := s.writer.ExecContext(ctx, "VACUUM"); return err }); err != nil {
			return err
		}
	}
	// A reader that still looks at the old pages leaves the log to whoever closes the file last.
	_, err := s.writer.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// diskUse returns the bytes that the file, its log and its contents take.
func (s *Store) diskUse() (bytes int64, err error) {
	for _, name := range []string{s.path, s.path + "-wal", s.contentFolder()} {
		err := filepath.WalkDir(name, func(_ string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			info, err := entry.Info()
			if err == nil && info.Mode().IsRegular() {
				bytes += info.Size()
			}
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return bytes, nil
}
