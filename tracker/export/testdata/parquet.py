"""Prints the rows of a Parquet file as pandas and as DuckDB read them: parquet.py FILE"""
import json
import sys
from datetime import timezone

import duckdb
import pandas

path = sys.argv[1]
table = duckdb.read_parquet(path)
assert dict(zip(table.columns, map(str, table.types)))["time"] == "TIMESTAMP WITH TIME ZONE", table.types


def plain(rows):
    return [[*row[:6], row[6].astimezone(timezone.utc).isoformat(), str(row[7])] for row in rows]


print(json.dumps({
    "pandas": plain(pandas.read_parquet(path).itertuples(index=False, name=None)),
    "duckdb": plain(table.fetchall()),
}))
