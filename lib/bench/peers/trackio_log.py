"""Logging to Trackio's SQLite files, as its server does with what a program logs: trackio_log.py INPUTS. The seconds are those of one
point of batches of 1,000; they are not durable when it returns."""
import os
import sys
import tempfile

os.environ["TRACKIO_DIR"] = tempfile.mkdtemp(dir=sys.argv[1])

from trackio.sqlite_storage import SQLiteStorage

from measure import best

step = 0


def batch():
    global step
    for _ in range(5):
        SQLiteStorage.bulk_log("bench", "run", [{"loss": 0.5} for _ in range(1000)], steps=list(range(step, step + 1000)))
        step += 1000


best(batch, 5, units=5_000)
