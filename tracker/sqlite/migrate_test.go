package sqlite_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
)

// A database as the first version of this program left it, with data.
const schema1 = `
	CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')));
	INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1);
	INSERT INTO runs (id, project, name, grouping, parent, status, started, ended, heartbeat, session, owner_pid, owner_born, owner_boot,
		notes, command, dir, git_commit, host, cpu, gpu, env, revision, git_diff)
	VALUES
		('01k0z6v8mhk2t6gq6v0wz3n5tb', 'search', 'first', 'g', '', 'finished', 1000, 2000, 1500, 2, 42, 7, 'boot',
			'note', 'cmd', '/dir', 'abc', 'h', 'c', 'g', '{"go":"1.26"}', 3, '+ a line'),
		('01k0z6v8mhk2t6gq6v0wz3n5tc', 'default', 'second', '', '', 'running', 3000, NULL, NULL, 1, NULL, NULL, NULL,
			'', '', '', '', '', '', '', '{}', 2, '');
	INSERT INTO params VALUES (1, 'lr', 'float', '5e-05');
	INSERT INTO tags VALUES (1, 'best', 'yes');
	INSERT INTO series VALUES (1, 1, 'train/loss', 'rank=0', 3, 3, 2, 100, 1, NULL, 0.5, 1.5, 0, 0);
	INSERT INTO points VALUES (1, 1, 0, 0, 90, 0.5, 0), (1, 1, 1, 0, 95, 1.5, 0), (1, 1, 2, 0, 100, NULL, 1);
	INSERT INTO texts VALUES (1, 1, 'summary', 2, 100, 1, 'attention');
	INSERT INTO artifacts VALUES (1, 1, 'a', '` + helloHash + `', 5, 100);`

const helloHash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

func TestSchema1IsBroughtUpToDateWithAllItHolds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paperlab.db")
	makeSchema1(t, path)
	store := open(t, path)
	ctx := t.Context()

	first, err := store.Run(ctx, "01k0z6v8mhk2t6gq6v0wz3n5tb")
	want := &tracker.Run{
		ID: "01k0z6v8mhk2t6gq6v0wz3n5tb", Project: "search", Name: "first", Group: "g", Status: tracker.Finished,
		Started: time.UnixMilli(1000).UTC(), Ended: time.UnixMilli(2000).UTC(), Heartbeat: time.UnixMilli(1500).UTC(), Session: 2,
		Owner: &tracker.Owner{PID: 42, Born: 7, Boot: "boot"}, Params: tracker.Params{"lr": 5e-5}, Tags: map[string]string{"best": "yes"},
		Notes: "note", Source: tracker.Source{Command: "cmd", Dir: "/dir", Commit: "abc", Diff: "+ a line"},
		Machine: tracker.Machine{Host: "h", CPU: "c", GPU: "g", Env: map[string]string{"go": "1.26"}},
	}
	if err != nil || !reflect.DeepEqual(first, want) {
		t.Errorf("got  %+v, %v\nwant %+v", first, err, want)
	}
	if runs, err := store.Runs(ctx, tracker.RunFilter{}); err != nil || len(runs) != 2 || runs[0].Name != "second" {
		t.Errorf("got %v, %v", runs, err)
	}
	projects, err := store.Projects(ctx)
	if err != nil || len(projects) != 2 || projects[0].Name != "search" || !projects[0].Created.Equal(time.UnixMilli(1000)) || projects[1].Name != "default" {
		t.Errorf("got %+v, %v", projects, err)
	}
	if points, err := store.Points(ctx, first.ID, "train/loss", "rank=0"); err != nil || len(points) != 3 || points[1].Value != 1.5 {
		t.Errorf("got %v, %v", points, err)
	}
	if found, err := store.Search(ctx, "attention"); err != nil || len(found) != 1 {
		t.Errorf("got %v, %v", found, err)
	}
	if ids, _, err := store.Changes(ctx, 2); err != nil || len(ids) != 1 || ids[0] != first.ID {
		t.Errorf("got %v, %v", ids, err)
	}
	if findings, err := store.Check(ctx); err != nil || len(findings) != 0 {
		t.Errorf("got %q, %v", findings, err)
	}
	if err := store.Log(ctx, first.ID, sampleAt("train/loss", 3)); err != nil {
		t.Error(err)
	}
}

func makeSchema1(t *testing.T, path string) {
	t.Helper()
	first, err := os.ReadFile("migrations/00001_initial.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", path+"?_journal_mode=WAL")
	if err != nil {
		t.Fatal(err)
	}
	_, errTables := db.ExecContext(t.Context(), string(first))
	_, errData := db.ExecContext(t.Context(), schema1)
	if err := errors.Join(errTables, errData, db.Close(), os.MkdirAll(path+".artifacts/2c", 0o755)); err != nil {
		t.Fatal(err)
	}
	write(t, path+".artifacts/2c/"+helloHash, "hello")
}

func TestFileOfAnOldSchemaThatCannotBeWrittenSaysSo(t *testing.T) {
	folder, err := os.MkdirTemp("", "tracker-old-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(folder, 0o755); os.RemoveAll(folder) })
	path := filepath.Join(folder, "paperlab.db")
	makeSchema1(t, path)
	if err := errors.Join(os.Chmod(path, 0o444), os.Chmod(folder, 0o555)); err != nil {
		t.Fatal(err)
	}
	reader := unprivileged(process(t, "open", path))
	reader.Stderr = nil
	output, err := reader.CombinedOutput()
	if err == nil || !strings.Contains(string(output), "read-only") {
		t.Errorf("got %s, %v", output, err)
	}
}
