package pgtest_test

import (
	"os"
	"strings"
	"testing"

	"paperlab/tracker/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestEachDatabaseIsNewAndHasPgvector(t *testing.T) {
	first, second := pgtest.Database(t), pgtest.Database(t)
	if first == second || !strings.HasPrefix(first, "postgres://postgres@/test") {
		t.Errorf("got %s and %s", first, second)
	}
	pgtest.Do(t, "test1", `CREATE EXTENSION vector; CREATE TABLE x (v vector(3)); INSERT INTO x VALUES ('[1,2,3]')`)
	pgtest.Do(t, "test2", `CREATE TABLE x (v integer)`)
}
