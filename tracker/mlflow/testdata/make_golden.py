"""Makes a database with MLflow 3.17.0: make_golden.py FOLDER writes FOLDER/mlflow.db and its artifacts. With --sql it prints the tables that are
imported as SQL; mlflow.sql was made so."""
import os
import sys

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
import mlflow
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric

folder = sys.argv[1]
os.chdir(folder)
mlflow.set_tracking_uri("sqlite:///mlflow.db")
client = mlflow.MlflowClient()

papers = client.create_experiment("papers", artifact_location="files", tags={"field": "nlp"})
first = client.create_run(papers, start_time=1700000000000, run_name="first", tags={"mlflow.user": "ann", "best": "yes", "mlflow.source.name": "train.py",
                          "mlflow.source.git.commit": "abc", "mlflow.note.content": "a **note**"}).info.run_id
for key, value in {"lr": "5e-05", "model": "t5", "epochs": "3", "fp16": "True", "text": "0123"}.items():
    client.log_param(first, key, value)
client.log_batch(first, [Metric("eval/loss", 3.0 - i, 1700000001000 + i, i) for i in range(3)] + [
    Metric("eval/loss", 9.0, 1700000002000, 1), Metric("odd", float("nan"), 1700000001000, 0), Metric("odd", float("inf"), 1700000001000, 1),
    Metric("odd", -float("inf"), 1700000001000, -2)])
client.log_inputs(first, [DatasetInput(Dataset("arxiv", "abc", "local", "{}"), [InputTag("mlflow.data.context", "training")])])
client.log_text(first, "of a run", "notes/a.txt")
client.set_terminated(first, "FINISHED", end_time=1700000060000)
child = client.create_run(papers, start_time=1700000010000, run_name="child", tags={"mlflow.parentRunId": first}).info.run_id
client.set_terminated(child, "KILLED", end_time=1700000020000)
running = client.create_run("0", start_time=1700000030000, run_name="running").info.run_id
gone = client.create_run(papers, start_time=1700000040000, run_name="gone").info.run_id
client.set_terminated(gone, "FAILED", end_time=1700000050000)
client.delete_run(gone)
client.delete_experiment(client.create_experiment("old"))

if "--sql" in sys.argv:
    import sqlite3

    wanted = {"experiments", "experiment_tags", "runs", "metrics", "latest_metrics", "params", "tags", "datasets", "inputs", "input_tags"}
    for line in sqlite3.connect("mlflow.db").iterdump():
        table = line.split('"')[1] if line.count('"') > 1 else line.split()[2] if line.startswith("CREATE TABLE") else ""
        if table in wanted and not line.startswith("CREATE INDEX"):
            print(line.replace(os.getcwd(), "/elsewhere"))
