package pgvector

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"paperlab/lib/vector"
)

// MaxDim is the most components that pgvector lets a vector have.
const MaxDim = 16000

// Index is a [vector.Index] in one table of a database. What a call changed is durable when it returns. Any number of processes may
// have it open.
type Index struct {
	spec   vector.Spec
	name   string
	table  string // quoted
	pool   *pgxpool.Pool
	closed atomic.Bool
}

var _ vector.Index = (*Index)(nil)

var validName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Open opens the index of a name in the database at an address (postgres://...), and makes it where it is missing, the
// extension included, which needs the right to do that. An index of another dimension, metric or model is refused, the last
// with [vector.ErrModel].
func Open(ctx context.Context, address, name string, spec vector.Spec) (*Index, error) {
	x, err := open(ctx, address, name, spec)
	if err != nil {
		return nil, fmt.Errorf("pgvector: open %s: %w", name, err)
	}
	return x, nil
}

func open(ctx context.Context, address, name string, spec vector.Spec) (*Index, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	if spec.Dim > MaxDim {
		return nil, fmt.Errorf("dimension %d is more than pgvector's %d", spec.Dim, MaxDim)
	}
	if !validName.MatchString(name) {
		return nil, fmt.Errorf("the name %q is not of a to z, 0 to 9 and _, 40 at most, a letter first", name)
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err // pgx leaves the password out
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	x := &Index{spec: spec, name: name, table: pgx.Identifier{"vectors_" + name}.Sanitize(), pool: pool}
	if err := x.prepare(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return x, nil
}

// prepare makes what is missing, or takes what is there if it is as it should be.
func (x *Index) prepare(ctx context.Context) error {
	return pgx.BeginFunc(ctx, x.pool, func(tx pgx.Tx) error {
		// Two that open a new database together do so one after the other. The number is this package's own.
		_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(7036746251)`)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			CREATE EXTENSION IF NOT EXISTS vector;
			CREATE TABLE IF NOT EXISTS vector_indexes (
				name text PRIMARY KEY, dim integer NOT NULL, metric integer NOT NULL, model text NOT NULL)`)
		if err != nil {
			return fmt.Errorf("%w (is pgvector installed on the server?)", err)
		}
		there := x.spec
		err = tx.QueryRow(ctx, `SELECT dim, metric, model FROM vector_indexes WHERE name = $1`, x.name).Scan(&there.Dim, &there.Metric, &there.Model)
		if errors.Is(err, pgx.ErrNoRows) {
			return x.create(ctx, tx)
		}
		if err != nil {
			return err
		}
		if there.Dim != x.spec.Dim || there.Metric != x.spec.Metric {
			return fmt.Errorf("it holds vectors of dimension %d, by %v, not of %d, by %v", there.Dim, there.Metric, x.spec.Dim, x.spec.Metric)
		}
		if err := there.Check(x.spec.Model); err != nil {
			return err
		}
		x.spec = there
		return nil
	})
}

func (x *Index) create(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, fmt.Sprintf(`CREATE TABLE %s (id bigint PRIMARY KEY, embedding vector(%d) NOT NULL)`, x.table, x.spec.Dim))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO vector_indexes VALUES ($1, $2, $3, $4)`, x.name, x.spec.Dim, int(x.spec.Metric), x.spec.Model)
	return err
}

// Spec says what the index holds.
func (x *Index) Spec() vector.Spec { return x.spec }

// Len is the number of vectors.
func (x *Index) Len(ctx context.Context) (n int, err error) {
	err = x.do("length", func() error { return x.pool.QueryRow(ctx, `SELECT count(*) FROM `+x.table).Scan(&n) })
	return n, err
}

// Add copies vectors, see [vector.Index].
func (x *Index) Add(ctx context.Context, ids []int64, vectors []float32) error {
	return x.do("add", func() error {
		if err := x.spec.Additions(ids, vectors); err != nil {
			return err
		}
		literals := make([]string, len(ids))
		for i := range ids {
			literals[i] = literal(vectors[i*x.spec.Dim : (i+1)*x.spec.Dim])
		}
		_, err := x.pool.Exec(ctx, `INSERT INTO `+x.table+` SELECT id, v::vector FROM unnest($1::bigint[], $2::text[]) AS new(id, v)`, ids, literals)
		var refused *pgconn.PgError
		if errors.As(err, &refused) && refused.Code == "23505" { // unique_violation
			return fmt.Errorf("%s: %w", refused.Detail, vector.ErrExists)
		}
		return err
	})
}

// Remove takes vectors out, see [vector.Index].
func (x *Index) Remove(ctx context.Context, ids []int64) (n int, err error) {
	err = x.do("remove", func() error {
		tag, err := x.pool.Exec(ctx, `DELETE FROM `+x.table+` WHERE id = ANY($1)`, ids)
		n = int(tag.RowsAffected())
		return err
	})
	return n, err
}

// Search finds the nearest vectors, see [vector.Index].
func (x *Index) Search(ctx context.Context, queries []float32, k int) (rows [][]vector.Neighbour, err error) {
	err = x.do("search", func() error {
		n, err := x.spec.Queries(queries, k)
		if err != nil || n == 0 {
			return err
		}
		var batch pgx.Batch
		rows = make([][]vector.Neighbour, n)
		for i := range rows {
			query := literal(queries[i*x.spec.Dim : (i+1)*x.spec.Dim])
			statement := fmt.Sprintf(`SELECT id, embedding %[1]s $1::vector FROM %[2]s ORDER BY embedding %[1]s $1::vector, id LIMIT $2`, operators[x.spec.Metric], x.table)
			batch.Queue(statement, query, k).Query(func(found pgx.Rows) (err error) {
				rows[i], err = pgx.CollectRows(found, x.neighbour)
				return err
			})
		}
		return x.pool.SendBatch(ctx, &batch).Close()
	})
	return rows, err
}

// operators are pgvector's: the Euclidean distance, and the negative inner product.
var operators = map[vector.Metric]string{vector.L2: "<->", vector.InnerProduct: "<#>"}

func (x *Index) neighbour(row pgx.CollectableRow) (n vector.Neighbour, err error) {
	var d float64
	if err := row.Scan(&n.ID, &d); err != nil {
		return n, err
	}
	n.Distance = float32(d * d)
	if x.spec.Metric == vector.InnerProduct {
		n.Distance = float32(-d)
	}
	return n, nil
}

// BuildHNSW makes searches from now on approximate and fast, by a graph of neighbours (Malkov & Yashunin 2016) that the server
// keeps up to date: for 100,000 vectors and more. It takes minutes for a million, and serves up to 2,000 components.
func (x *Index) BuildHNSW(ctx context.Context) error {
	return x.do("build HNSW", func() error {
		class := map[vector.Metric]string{vector.L2: "vector_l2_ops", vector.InnerProduct: "vector_ip_ops"}[x.spec.Metric]
		name := pgx.Identifier{"vectors_" + x.name + "_hnsw"}.Sanitize()
		_, err := x.pool.Exec(ctx, fmt.Sprintf(`CREATE INDEX IF NOT EXISTS %s ON %s USING hnsw (embedding %s)`, name, x.table, class))
		return err
	})
}

// Close lets go of the connections; the vectors stay. It may be called again.
func (x *Index) Close() error {
	if !x.closed.Swap(true) {
		x.pool.Close()
	}
	return nil
}

// do runs one call and says of its error what failed.
func (x *Index) do(op string, call func() error) error {
	err := vector.ErrClosed
	if !x.closed.Load() {
		err = call()
	}
	if err != nil {
		return fmt.Errorf("pgvector: %s: %s: %w", x.name, op, err)
	}
	return nil
}

// literal writes a vector as pgvector reads it.
func literal(v []float32) string {
	var text strings.Builder
	for i, x := range v {
		text.WriteByte("[,"[min(i, 1)])
		text.Write(strconv.AppendFloat(nil, float64(x), 'g', -1, 32))
	}
	text.WriteByte(']')
	return text.String()
}
