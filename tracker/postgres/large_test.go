package postgres_test

import (
	"strings"
	"testing"

	"paperlab/tracker/storetest"
)

func TestManyPoints(t *testing.T) {
	address := newSchema(t)
	storetest.Large(t, open(t, address))
	schema := address[strings.LastIndex(address, "=")+1:]
	t.Logf("points and their index: %.1f MB", float64(query[int64](t, "SELECT pg_total_relation_size('"+schema+".points')"))/1e6)
}
