package search

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"

	_ "github.com/mattn/go-sqlite3" // the driver named "sqlite3", with FTS5 where it was compiled in
)

// words finds papers by the words of title, authors and abstract: BM25 (Robertson & Zaragoza 2009) as SQLite's FTS5 computes it.
// It is in memory and safe for concurrent use.
type words struct {
	db     *sql.DB
	common map[string]bool // words of more than half of the papers
}

// newWords indexes papers by their numbers.
func newWords(ctx context.Context, papers []Paper) (_ *words, err error) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // a second one would see another, empty database
	w := &words{db: db, common: map[string]bool{}}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("search: index the words of %d papers: %w", len(papers), err), w.close())
		}
	}()
	const table = `CREATE VIRTUAL TABLE words USING fts5(title, authors, abstract, content = '', tokenize = 'porter unicode61 remove_diacritics 2')`
	if _, err := db.ExecContext(ctx, table); err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO words (rowid, title, authors, abstract) VALUES (?, ?, ?, ?)`)
	if err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	for i, p := range papers {
		if _, err := insert.ExecContext(ctx, i, p.Title, p.Authors, p.Abstract); err != nil {
			return nil, errors.Join(err, tx.Rollback())
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	return w, w.findCommon(ctx, len(papers))
}

// findCommon notes the words of more than half of the papers. BM25 gives them no weight, but reading where they all are takes
// most of a query's time.
func (w *words) findCommon(ctx context.Context, papers int) error {
	if _, err := w.db.ExecContext(ctx, `CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row')`); err != nil {
		return err
	}
	rows, err := w.db.QueryContext(ctx, `SELECT term FROM vocabulary WHERE doc > ?`, papers/2)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var term string
		if err := rows.Scan(&term); err != nil {
			return err
		}
		w.common[term] = true
	}
	return rows.Err()
}

// best returns the numbers of the n papers that have most of the words, and the rarest, the best first. Title and authors weigh
// more than the abstract.
func (w *words) best(ctx context.Context, text string, n int) (papers []int, err error) {
	var terms, rare []string
	for _, term := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		quoted := `"` + term + `"`
		terms = append(terms, quoted)
		if !w.common[strings.ToLower(term)] {
			rare = append(rare, quoted)
		}
	}
	if len(rare) > 0 {
		terms = rare
	}
	if len(terms) == 0 {
		return nil, nil
	}
	rows, err := w.db.QueryContext(ctx, `
		SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 3.0, 3.0, 1.0), rowid LIMIT ?`, strings.Join(terms, " OR "), n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var paper int
		if err := rows.Scan(&paper); err != nil {
			return nil, err
		}
		papers = append(papers, paper)
	}
	return papers, rows.Err()
}

func (w *words) close() error { return w.db.Close() }
