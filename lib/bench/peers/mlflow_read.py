"""Reading from MLflow on SQLite: mlflow_read.py INPUTS series|table. A series has 100,000 points; of 1,000 runs with 5 parameters
and 4 metrics each the table is read that its pages show."""
import sqlite3
import sys
import tempfile
import time

import mlflow
from mlflow.entities import Metric, Param

from measure import best

folder, what = sys.argv[1:]
folder = tempfile.mkdtemp(dir=folder)
mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
client = mlflow.MlflowClient()
experiment = client.create_experiment("bench", artifact_location=folder)
many = 100_000


def series():
    run = client.create_run(experiment).info.run_id
    client.log_metric(run, "loss", 0, 0, 0)
    # Through SQL, for writing is not what is measured: one row is there by the client, the others are like it.
    with sqlite3.connect(f"{folder}/mlflow.db") as db:
        db.executemany(
            "INSERT INTO metrics (key, value, timestamp, step, run_uuid, is_nan) VALUES ('loss', ?, ?, ?, ?, 0)",
            [(step % 8 / 4, step, step, run) for step in range(1, many)],
        )
    answer = []

    def read():
        history = client.get_metric_history(run, "loss")
        answer[:] = [len(history), sum(metric.value for metric in history)]

    best(read, 3, answer=lambda: answer)


def table():
    for i in range(1000):
        run = client.create_run(experiment).info.run_id
        client.log_batch(
            run,
            [Metric(f"metric{key}", i, int(time.time() * 1000), 1) for key in range(4)],
            [Param(f"param{key}", str(i)) for key in range(5)],
        )
    answer = []

    def read():
        runs = client.search_runs([experiment], max_results=1000)
        answer[:] = [len(runs), sum(len(run.data.params) for run in runs), sum(len(run.data.metrics) for run in runs)]

    best(read, 3, answer=lambda: answer)


{"series": series, "table": table}[what]()
