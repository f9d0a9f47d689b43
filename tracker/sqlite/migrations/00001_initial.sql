-- Times are milliseconds since 1970 in UTC; NULL stands for "none".

-- +goose Up
PRAGMA application_id = 1346457698; -- "PAPb", which tells a Paperlab database from any other

CREATE TABLE runs (
    seq        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    project    TEXT NOT NULL,
    name       TEXT NOT NULL,
    grouping   TEXT NOT NULL,
    parent     TEXT NOT NULL,
    status     TEXT NOT NULL,
    started    INTEGER NOT NULL,
    ended      INTEGER,
    heartbeat  INTEGER,
    session    INTEGER NOT NULL,
    owner_pid  INTEGER, -- the three owner columns are NULL together
    owner_born INTEGER,
    owner_boot TEXT,
    notes      TEXT NOT NULL,
    command    TEXT NOT NULL,
    dir        TEXT NOT NULL,
    git_commit TEXT NOT NULL,
    host       TEXT NOT NULL,
    cpu        TEXT NOT NULL,
    gpu        TEXT NOT NULL,
    env        TEXT NOT NULL, -- a JSON object of strings
    revision   INTEGER NOT NULL, -- grows over all runs with each change of one: "what changed since?"
    git_diff   TEXT NOT NULL -- last: it may be long, and most queries leave it out
);
CREATE INDEX runs_started ON runs (started);
CREATE INDEX runs_revision ON runs (revision);

CREATE TABLE params (
    run   INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
    key   TEXT NOT NULL,
    kind  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, key)
) WITHOUT ROWID;

CREATE TABLE tags (
    run   INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, key)
) WITHOUT ROWID;

-- The summary of a series is changed once a batch, together with the points that it sums up.
CREATE TABLE series (
    id           INTEGER PRIMARY KEY,
    run          INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
    key          TEXT NOT NULL,
    context      TEXT NOT NULL,
    logged       INTEGER NOT NULL, -- points ever logged
    count        INTEGER NOT NULL,
    last_step    INTEGER NOT NULL,
    last_time    INTEGER NOT NULL,
    last_session INTEGER NOT NULL,
    last_value   REAL, -- NULL: NaN, in these three
    min_value    REAL,
    max_value    REAL,
    first_step   INTEGER NOT NULL,
    resumed      INTEGER NOT NULL,
    UNIQUE (run, key, context)
);

-- No foreign key to series: it would cost a look-up a point.
CREATE TABLE points (
    series  INTEGER NOT NULL,
    session INTEGER NOT NULL,
    step    INTEGER NOT NULL,
    seq     INTEGER NOT NULL, -- 0 if the point went beyond all before it, else how many these were
    time    INTEGER NOT NULL,
    value   REAL,
    flag    INTEGER NOT NULL, -- 0: value is the value; 1: it is NaN, for which SQLite has only NULL
    PRIMARY KEY (series, session, step, seq)
) WITHOUT ROWID;

CREATE TABLE texts (
    id      INTEGER PRIMARY KEY,
    run     INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    step    INTEGER NOT NULL,
    time    INTEGER NOT NULL,
    session INTEGER NOT NULL,
    body    TEXT NOT NULL
);
CREATE INDEX texts_run ON texts (run, key);

CREATE TABLE artifacts (
    id   INTEGER PRIMARY KEY,
    run  INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    size INTEGER NOT NULL,
    time INTEGER NOT NULL
);
CREATE INDEX artifacts_run ON artifacts (run);
