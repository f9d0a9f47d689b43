package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/postgres"
	"paperlab/tracker/postgres/pgtest"
)

func TestOpenSaysWhatIsWrongWithoutThePassword(t *testing.T) {
	good := newSchema(t)
	pgtest.Do(t, "postgres", "CREATE ROLE guarded LOGIN PASSWORD 'right'")
	const secret = "s3cret"
	for _, c := range []struct {
		name, address string
		want          error
		says, hint    string
	}{
		{"no address at all", "postgres://u:" + secret + "@%zz/db", tracker.ErrInvalid, "", "postgres://user@host"},
		{"a bad port", "postgres://u:" + secret + "@host:port/db", tracker.ErrInvalid, "", "postgres://user@host"},
		{"no server", "postgres://u:" + secret + "@127.0.0.1:1/db", nil, "connection refused", "server runs"},
		{"no socket", "postgres://u:" + secret + "@/db?host=/nowhere", nil, "no such file", "server runs"},
		{"a wrong password", strings.Replace(pgtest.Address(t, "guarded", "postgres"), "guarded", "guarded:"+secret, 1), nil, "password authentication failed", "PGPASSWORD"},
		{"a missing database", strings.Replace(pgtest.Address(t, "postgres", "nothing_here"), "postgres@", "postgres:"+secret+"@", 1), nil, `"nothing_here" does not exist`, "createdb"},
		{"no right to make a schema", strings.Replace(pgtest.Address(t, "guarded", "postgres"), "guarded", "guarded:right", 1), tracker.ErrReadOnly, "permission denied", "right to create"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := postgres.Open(t.Context(), c.address)
			var full *tracker.Error
			if !errors.As(err, &full) || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) || !strings.Contains(full.Hint(), c.hint) {
				t.Fatalf("got %v", err)
			}
			if text := err.Error() + full.Hint(); strings.Contains(text, secret) || strings.Contains(text, "\n") {
				t.Errorf("got %q", text)
			}
		})
	}
	open(t, good)
}

func TestOpenRefusesANewerSchemaAndLeavesIt(t *testing.T) {
	address := newSchema(t)
	store := open(t, address)
	run := createRun(t, store)
	schema := address[strings.LastIndex(address, "=")+1:]
	pgtest.Do(t, "postgres", "INSERT INTO "+schema+".paperlab_version (version_id, is_applied) VALUES (1000000, true)")
	_, err := postgres.Open(t.Context(), address)
	var full *tracker.Error
	if !errors.Is(err, tracker.ErrNewer) || !errors.As(err, &full) || full.Hint() == "" || !strings.Contains(err.Error(), "its schema is 1000000") {
		t.Errorf("got %v", err)
	}
	if _, err := store.Run(t.Context(), run); err != nil {
		t.Error(err)
	}
}

func TestOpenRefusesADatabaseThatDoesNotHoldEveryCharacter(t *testing.T) {
	newSchema(t)
	pgtest.Do(t, "postgres", "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
	_, err := postgres.Open(t.Context(), pgtest.Address(t, "postgres", "latin"))
	var full *tracker.Error
	if !errors.Is(err, tracker.ErrInvalid) || !errors.As(err, &full) || !strings.Contains(full.Hint(), "UTF8") {
		t.Errorf("got %v", err)
	}
}

func TestOpenFindsTablesOfAnotherProgram(t *testing.T) {
	address := newSchema(t)
	schema := address[strings.LastIndex(address, "=")+1:]
	pgtest.Do(t, "postgres", "CREATE SCHEMA "+schema+"; CREATE TABLE "+schema+".runs (run_uuid text)")
	_, err := postgres.Open(t.Context(), address)
	if err == nil || !strings.Contains(err.Error(), `"runs" already exists`) {
		t.Errorf("got %v", err)
	}
}
