-- +goose Up

-- The newest revision at which anything of a run changed, its points included. Row 0 counts the revisions.
CREATE TABLE changes (
    run      INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL
);
INSERT INTO changes SELECT seq, revision FROM runs;
INSERT INTO changes SELECT 0, coalesce(max(revision), 0) FROM runs;

-- Diffs may be long and are seldom read: apart from the runs, they slow nobody down.
CREATE TABLE diffs (
    run  INTEGER PRIMARY KEY REFERENCES runs (seq) ON DELETE CASCADE,
    body TEXT NOT NULL
);
INSERT INTO diffs SELECT seq, git_diff FROM runs WHERE git_diff <> '';
ALTER TABLE runs DROP COLUMN git_diff;
ALTER TABLE runs ADD COLUMN deleted INTEGER; -- when it was put into the bin

-- Runs name their project: lists of runs need no look-up, and projects are seldom renamed.
CREATE TABLE projects (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    name    TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    deleted INTEGER,
    tags    TEXT NOT NULL -- a JSON object of strings
);
INSERT INTO projects (name, created, tags) SELECT project, min(started), '{}' FROM runs GROUP BY project ORDER BY min(seq);

CREATE TABLE tables (
    id      INTEGER PRIMARY KEY,
    run     INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    step    INTEGER NOT NULL,
    time    INTEGER NOT NULL,
    session INTEGER NOT NULL,
    columns TEXT NOT NULL, -- a JSON list of strings
    body    TEXT NOT NULL -- a JSON list of rows; integers are whole numbers, other numbers have a point or an exponent
);
CREATE INDEX tables_run ON tables (run, key);

CREATE TABLE images (
    id      INTEGER PRIMARY KEY,
    run     INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    step    INTEGER NOT NULL,
    time    INTEGER NOT NULL,
    session INTEGER NOT NULL,
    mime    TEXT NOT NULL,
    width   INTEGER NOT NULL,
    height  INTEGER NOT NULL,
    caption TEXT NOT NULL,
    hash    TEXT NOT NULL, -- of the content, which lies with those of the artifacts
    size    INTEGER NOT NULL
);
CREATE INDEX images_run ON images (run, key);

CREATE TABLE histograms (
    id      INTEGER PRIMARY KEY,
    run     INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    step    INTEGER NOT NULL,
    time    INTEGER NOT NULL,
    session INTEGER NOT NULL,
    edges   BLOB NOT NULL, -- float64, little endian, one more than counts
    counts  BLOB NOT NULL
);
CREATE INDEX histograms_run ON histograms (run, key);

CREATE TABLE console (
    id      INTEGER PRIMARY KEY, -- grows with each piece: the place where a reader goes on
    run     INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
    time    INTEGER NOT NULL,
    session INTEGER NOT NULL,
    stream  TEXT NOT NULL,
    text    TEXT NOT NULL
);
CREATE INDEX console_run ON console (run);
