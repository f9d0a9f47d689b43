"""Reading from Trackio's SQLite files: trackio_read.py INPUTS series|table. A series has 100,000 points; of 1,000 runs with 5
parameters and 4 metrics each what a table of them shows is read."""
import os
import sys
import tempfile

os.environ["TRACKIO_DIR"] = tempfile.mkdtemp(dir=sys.argv[1])

from trackio.sqlite_storage import SQLiteStorage

from measure import best

answer = []


def series():
    many = 100_000
    SQLiteStorage.bulk_log("bench", "run", [{"loss": step % 8 / 4} for step in range(many)], steps=list(range(many)))

    def read():
        logs = SQLiteStorage.get_logs("bench", "run")
        answer[:] = [len(logs), sum(log["loss"] for log in logs)]

    best(read, 3, answer=lambda: answer)


def table():
    for i in range(1000):
        metrics, config = {f"metric{key}": i for key in range(4)}, {f"param{key}": i for key in range(5)}
        SQLiteStorage.bulk_log("bench", f"run{i}", [metrics], steps=[1], config=config)

    def read():
        configs = SQLiteStorage.get_all_run_configs("bench")
        records = [{"run": record["name"], "run_id": record["id"]} for record in SQLiteStorage.get_run_records("bench")]
        runs = SQLiteStorage.get_logs_batch("bench", records)
        params = sum(key.startswith("param") for config in configs.values() for key in config)
        answer[:] = [len(runs), params, sum(key.startswith("metric") for run in runs for key in run["logs"][-1])]

    best(read, 3, answer=lambda: answer)


{"series": series, "table": table}[sys.argv[2]]()
