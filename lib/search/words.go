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
// It is safe for concurrent use.
type words struct {
	db     *sql.DB
	find   *sql.Stmt
	common map[string]bool // words of more than half of the papers
}

// newWords indexes papers by their numbers, in memory.
func newWords(ctx context.Context, papers []Paper) (*words, error) {
	w, err := makeWords(ctx, ":memory:", papers, "")
	if err != nil {
		return nil, fmt.Errorf("search: index the words of %d papers: %w", len(papers), err)
	}
	return w, nil
}

// makeWords fills a new database, and notes in it which papers it is of.
func makeWords(ctx context.Context, database string, papers []Paper, of string) (_ *words, err error) {
	w, err := openWords(database)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	for _, statement := range []string{
		`PRAGMA journal_mode = OFF`, // it is whole or not used
		`PRAGMA synchronous = OFF`,
		`CREATE TABLE facts (papers TEXT)`,
		`CREATE TABLE common (term TEXT)`,
		`CREATE VIRTUAL TABLE words USING fts5(title, authors, abstract, content = '', tokenize = 'porter unicode61 remove_diacritics 2')`,
		`CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, 'row')`,
	} {
		if _, err := w.db.ExecContext(ctx, statement); err != nil {
			return nil, err
		}
	}
	tx, err := w.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if err := fill(ctx, tx, papers, of); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	return w, w.prepare(ctx)
}

func fill(ctx context.Context, tx *sql.Tx, papers []Paper, of string) error {
	insert, err := tx.PrepareContext(ctx, `INSERT INTO words (rowid, title, authors, abstract) VALUES (?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for i, p := range papers {
		if _, err := insert.ExecContext(ctx, i, p.Title, p.Authors, p.Abstract); err != nil {
			return err
		}
	}
	// BM25 gives the words of more than half of the papers no weight, but reading where they all are takes most of a query's time.
	if _, err := tx.ExecContext(ctx, `INSERT INTO common SELECT term FROM vocabulary WHERE doc > ?`, len(papers)/2); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO facts VALUES (?)`, of)
	return err
}

// openWords opens a database. Its one connection is the one that sees what is in memory or temporary.
func openWords(database string) (*words, error) {
	db, err := sql.Open("sqlite3", database)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return &words{db: db, common: map[string]bool{}}, nil
}

// prepare makes what queries need.
func (w *words) prepare(ctx context.Context) (err error) {
	rows, err := w.db.QueryContext(ctx, `SELECT term FROM common`)
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
	if err := rows.Err(); err != nil {
		return err
	}
	// Title and authors weigh more than the abstract.
	w.find, err = w.db.PrepareContext(ctx, `SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 3.0, 3.0, 1.0), rowid LIMIT ?`)
	return err
}

// best returns the numbers of the n papers that have most of the words, and the rarest, the best first.
func (w *words) best(ctx context.Context, text string, n int) (papers []int, err error) {
	match := w.match(text)
	if match == "" {
		return nil, nil
	}
	rows, err := w.find.QueryContext(ctx, match, n)
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

// match is the query for papers with any of the words of a text, but for those that most papers have.
func (w *words) match(text string) string {
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
	return strings.Join(terms, " OR ")
}

func (w *words) close() error { return w.db.Close() }
