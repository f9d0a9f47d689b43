package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"paperlab/tracker"
)

// Search returns the IDs of the runs in which all the words occur together. It reads every text.
func (r reader) Search(ctx context.Context, words string) ([]string, error) {
	conditions := []string{"true"}
	var args []any
	for _, word := range strings.Fields(tracker.CleanText(words)) {
		args = append(args, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word)+"%")
		conditions = append(conditions, fmt.Sprintf(`body ILIKE $%d`, len(args)))
	}
	where := strings.Join(conditions, " AND ")
	var ids []string
	err := r.read(ctx, "search runs in", r.where, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT id FROM runs
			WHERE deleted IS NULL AND (
				seq IN (SELECT run FROM texts WHERE `+where+`)
				OR seq IN (SELECT seq FROM (
					SELECT seq, concat_ws(E'\n', project, name, grouping, notes,
						(SELECT string_agg(key || ' ' || value, E'\n') FROM tags WHERE run = seq)) AS body
					FROM runs) AS own WHERE `+where+`))
			ORDER BY started DESC, id DESC`, args...)
		if err != nil {
			return err
		}
		ids, err = pgx.AppendRows(ids, rows, pgx.RowTo[string])
		return err
	})
	return ids, err
}
