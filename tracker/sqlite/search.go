package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"paperlab/tracker"
)

// The full-text index is made when somebody searches, and then brought up to date: writers do not pay for it, and a
// program without FTS5 can write to a file that has one. It is a cache and no part of the schema. Row numbers of texts
// are those of the table; a run's own words have its row number below zero.
// What was removed may leave words behind: the index of a file in which something was collected has lost its state, and
// is made anew.
const createIndex = `
	DROP TABLE IF EXISTS search;
	CREATE VIRTUAL TABLE search USING fts5(body, tokenize = 'trigram');
	CREATE TABLE search_state (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL, text INTEGER NOT NULL);
	INSERT INTO search_state VALUES (1, 0, 0);`

const runWords = `
	SELECT -seq AS rowid, concat_ws(char(10), project, name, grouping, notes,
		(SELECT group_concat(key || ' ' || value, char(10)) FROM tags WHERE run = seq)) AS body
	FROM runs`

// Search returns the IDs of the runs in which all the words occur together. Without FTS5, or if the file cannot be
// written, it reads everything that could match; the answer is the same but for case beyond A to Z.
func (s *Store) Search(ctx context.Context, words string) ([]string, error) {
	const op, from = "search runs in", " FROM (" + runWords + " UNION ALL SELECT id, body FROM texts)"
	indexed := false
	if s.hasFTS5 {
		err := s.write(ctx, op, s.path, transaction.refreshIndex)
		if err != nil && !errors.Is(err, tracker.ErrReadOnly) {
			return nil, err
		}
		indexed = err == nil
	}
	where, args := matchAll(strings.FieldsFunc(tracker.CleanText(words), betweenWords), indexed)
	source := from
	if indexed {
		source = " FROM search"
	}
	var ids []string
	err := s.read(ctx, op, s.path, func(t transaction) error {
		rows, err := t.query(`
			WITH hits AS MATERIALIZED (SELECT rowid AS hit`+source+` WHERE `+where+`)
			SELECT id FROM runs
			WHERE deleted IS NULL
				AND seq IN (SELECT -hit FROM hits WHERE hit < 0 UNION SELECT texts.run FROM hits JOIN texts ON texts.id = hit)
			ORDER BY started DESC, id DESC`, args...)
		if err != nil {
			return err
		}
		ids, err = scanAll[string](rows)
		return err
	})
	return ids, err
}

// betweenWords counts the zero byte in, at which FTS5 would stop reading.
func betweenWords(r rune) bool { return unicode.IsSpace(r) || r == 0 }

// matchAll gives the condition that all words occur in the body. The index finds words of three characters or more.
func matchAll(words []string, indexed bool) (where string, args []any) {
	conditions := []string{"true"}
	for _, word := range words {
		if indexed && utf8.RuneCountInString(word) >= 3 {
			conditions = append(conditions, "rowid IN (SELECT rowid FROM search WHERE search MATCH ?)")
			args = append(args, `"`+strings.ReplaceAll(word, `"`, `""`)+`"`)
			continue
		}
		conditions = append(conditions, `body LIKE ? ESCAPE '\'`)
		args = append(args, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word)+"%")
	}
	return strings.Join(conditions, " AND "), args
}

// refreshIndex adds to the index what was written since it was last used.
func (t transaction) refreshIndex() error {
	var there bool
	if err := t.row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'search_state')").Scan(&there); err != nil {
		return err
	}
	if !there {
		if err := t.exec(createIndex); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		`DELETE FROM search WHERE rowid IN (SELECT -seq FROM runs WHERE revision > (SELECT revision FROM search_state))`,
		`INSERT INTO search (rowid, body) SELECT rowid, body FROM (` + runWords + ` WHERE revision > (SELECT revision FROM search_state))`,
		`INSERT INTO search (rowid, body) SELECT id, body FROM texts WHERE id > (SELECT text FROM search_state)`,
		`UPDATE search_state SET revision = (SELECT coalesce(max(revision), 0) FROM runs), text = (SELECT coalesce(max(id), 0) FROM texts)`,
	} {
		if err := t.exec(statement); err != nil {
			return err
		}
	}
	return nil
}

// scanAll reads rows of one column.
func scanAll[T any](rows *sql.Rows) ([]T, error) {
	defer rows.Close()
	var all []T
	for rows.Next() {
		var value T
		if err := rows.Scan(&value); err != nil {
			return nil, err
		}
		all = append(all, value)
	}
	return all, rows.Err()
}
