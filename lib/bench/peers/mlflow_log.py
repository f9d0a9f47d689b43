"""Logging to MLflow on SQLite: mlflow_log.py INPUTS one|batch. The seconds are those of one call (4 points), or of one point
of a batch of 1,000."""
import sys
import tempfile
import time

import mlflow
from mlflow.entities import Metric

from measure import best

folder, what = sys.argv[1:]
folder = tempfile.mkdtemp(dir=folder)
mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
client = mlflow.MlflowClient()
run = client.create_run(client.create_experiment("bench", artifact_location=folder)).info.run_id
step = 0


def one():
    global step
    for _ in range(50):
        step += 1
        now = int(time.time() * 1000)
        client.log_batch(run, [Metric(key, 0.5, now, step) for key in ("loss", "lr", "norm", "memory")])


def batch():
    global step
    for _ in range(5):
        now = int(time.time() * 1000)
        client.log_batch(run, [Metric("loss", 0.5, now, step + i) for i in range(1000)])
        step += 1000


work, units = {"one": (one, 50), "batch": (batch, 5_000)}[what]
best(work, 5, units=units)
