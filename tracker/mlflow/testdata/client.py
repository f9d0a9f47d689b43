"""What programs do with MLflow's client, against the server at MLFLOW_TRACKING_URI; it must be as against MLflow's own: client.py URL
Prints the IDs of what it made as one JSON object."""
import json
import math
import os
import sys
import tempfile

import mlflow
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

mlflow.set_tracking_uri(sys.argv[1])
client = mlflow.MlflowClient()


def refused(code, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except MlflowException as e:
        assert e.error_code == code, f"{e.error_code} instead of {code}: {e}"
        return str(e)
    raise AssertionError(f"{call} was not refused with {code}")


# Experiments.
assert client.get_experiment_by_name("papers") is None
papers = client.create_experiment("papers", tags={"field": "nlp"})
assert "already exists" in refused("RESOURCE_ALREADY_EXISTS", client.create_experiment, "papers")
refused("RESOURCE_DOES_NOT_EXIST", client.get_experiment, "987654321")
experiment = client.get_experiment(papers)
assert (experiment.name, experiment.lifecycle_stage, experiment.tags) == ("papers", "active", {"field": "nlp"}), experiment
client.set_experiment_tag(papers, "year", "2026")
client.rename_experiment(papers, "all papers")
assert client.get_experiment_by_name("all papers").tags == {"field": "nlp", "year": "2026"}
assert client.get_experiment("0").name == "Default"
other = client.create_experiment("other")
names = lambda **how: [e.name for e in client.search_experiments(**how)]
assert names(order_by=["name ASC"]) == ["Default", "all papers", "other"], names(order_by=["name ASC"])
assert names(filter_string="tags.field = 'nlp'") == ["all papers"]
assert names(filter_string="name LIKE 'o%' AND name ILIKE '%HER'") == ["other"]
client.delete_experiment(other)
assert "other" not in names() and names(view_type=ViewType.DELETED_ONLY) == ["other"]
client.restore_experiment(other)
assert "other" in names()

# A run as the fluent interface makes it.
mlflow.set_experiment("all papers")
with mlflow.start_run(run_name="first", description="a **note**") as run:
    first = run.info.run_id
    mlflow.log_param("lr", 5e-5)
    mlflow.log_params({"model": "t5", "epochs": 3, "fp16": True, "warmup": 0.0, "text": "0123", "steps": 1e6, "none": None, "list": [1, 2]})
    assert "Changing param values is not allowed" in refused("INVALID_PARAMETER_VALUE", client.log_param, first, "lr", 1)
    mlflow.log_param("lr", 5e-5)  # the same again is no change
    for step in range(3):
        mlflow.log_metric("eval/loss", 3.0 - step, step=step)
    mlflow.log_metrics({"nan": math.nan, "inf": math.inf, "ninf": -math.inf}, step=7)
    mlflow.set_tag("best", "yes")
    mlflow.set_tags({"a": "1", "b": "2"})
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "weights.bin")
        with open(path, "wb") as file:
            file.write(os.urandom(3_000_000))
        mlflow.log_artifact(path)
        mlflow.log_artifact(path, "model/v 1")
        weights = open(path, "rb").read()
    mlflow.log_text("of a run", "notes.txt")
    mlflow.log_dict({"a": 1}, "cfg.json")
    with mlflow.start_run(nested=True, run_name="child") as nested:
        child = nested.info.run_id
        mlflow.log_metric("eval/loss", 9.0)

run = client.get_run(first)
assert (run.info.status, run.info.run_name, run.info.experiment_id, run.info.lifecycle_stage) == ("FINISHED", "first", papers, "active")
assert run.info.end_time >= run.info.start_time
assert run.data.params == {"lr": "5e-05", "model": "t5", "epochs": "3", "fp16": "True", "warmup": "0.0", "text": "0123", "steps": "1000000.0",
                           "none": "None", "list": "[1, 2]"}, run.data.params
assert run.data.metrics["eval/loss"] == 1.0 and math.isnan(run.data.metrics["nan"]), run.data.metrics
assert (run.data.metrics["inf"], run.data.metrics["ninf"]) == (math.inf, -math.inf), run.data.metrics
assert {"best", "a", "b", "mlflow.user", "mlflow.source.name"} <= set(run.data.tags), run.data.tags
assert (run.data.tags["mlflow.note.content"], run.data.tags["mlflow.runName"]) == ("a **note**", "first")
assert client.get_run(child).data.tags["mlflow.parentRunId"] == first
history = client.get_metric_history(first, "eval/loss")
assert [(m.step, m.value) for m in history] == [(0, 3.0), (1, 2.0), (2, 1.0)], history
assert client.get_metric_history(first, "unknown") == []

# Artifacts.
files = lambda path=None: [(f.path, f.is_dir) for f in client.list_artifacts(first, path)]
assert files() == [("cfg.json", False), ("model", True), ("notes.txt", False), ("weights.bin", False)], files()
assert files("model") == [("model/v 1", True)] and files("model/v 1") == [("model/v 1/weights.bin", False)]
assert mlflow.artifacts.load_text(f"runs:/{first}/notes.txt") == "of a run"
with tempfile.TemporaryDirectory() as folder:
    whole = client.download_artifacts(first, "", folder)
    assert open(os.path.join(whole, "model/v 1/weights.bin"), "rb").read() == weights
    assert sorted(os.listdir(whole)) == ["cfg.json", "model", "notes.txt", "weights.bin"]

# The low-level client: batches, failures, resuming, the bin.
second = client.create_run(papers, run_name="second", tags={"mlflow.user": "ann"}).info.run_id
client.log_batch(second, [Metric("eval/loss", 2.5, 1700000000123, 1), Metric("a b/c.d-e:f", -1.0, 1700000000124, -5)], [Param("model", "bert")],
                 [RunTag("best", "no")])
for burst in range(3):
    client.log_batch(second, [Metric("burst", float(i), 1700000000000 + i, burst * 1000 + i) for i in range(1000)])
assert len(client.get_metric_history(second, "burst")) == 3000
refused("INVALID_PARAMETER_VALUE", client.log_metric, second, "what?", 1.0)
refused("INVALID_PARAMETER_VALUE", client.log_param, second, "../x", 1.0)
refused("INVALID_PARAMETER_VALUE", client.log_metric, second, "m" * 251, 1.0)
refused("RESOURCE_DOES_NOT_EXIST", client.get_run, "0123456789abcdef0123456789abcdef")
refused("RESOURCE_DOES_NOT_EXIST", client.delete_tag, second, "unknown")
client.delete_tag(second, "best")
client.set_tag(second, "mlflow.parentRunId", first)
client.delete_tag(second, "mlflow.parentRunId")
client.set_tag(second, "long", "x" * 10_000)
tags = client.get_run(second).data.tags
assert "best" not in tags and "mlflow.parentRunId" not in tags and len(tags["long"]) == 8000, tags
client.update_run(second, status="RUNNING", name="renamed")
client.log_inputs(second, [DatasetInput(Dataset("arxiv", "abc", "local", "{}"), [InputTag("mlflow.data.context", "training")])])
assert [d.dataset.name for d in client.get_run(second).inputs.dataset_inputs] == ["arxiv"]
client.set_terminated(second, "KILLED")
third = client.create_run(papers, start_time=1).info.run_id
client.delete_run(third)
assert client.get_run(third).info.lifecycle_stage == "deleted"
refused("INVALID_PARAMETER_VALUE", client.log_metric, third, "a", 1.0)
client.restore_run(third)
client.log_metric(third, "a", 1.0)
client.set_terminated(third, "FAILED")


# Searching.
def found(filter="", order=None, **how):
    return [r.info.run_name for r in client.search_runs([papers], filter, order_by=order or ["start_time DESC"], **how)]


client.update_run(third, name="third")
runs = {"first", "child", "renamed", "third"}
for filter, want in {
    "": runs,
    "metrics.`eval/loss` < 3": {"first", "renamed"},
    'metrics."eval/loss" >= 2.5 and params.model = \'bert\'': {"renamed"},
    "metrics.inf > 1e300 AND metrics.ninf != 0": {"first"},
    "params.model LIKE 't_' and params.lr = '5e-05'": {"first"},
    "params.model != 't5'": {"renamed"},
    "params.model ILIKE 'BE%'": {"renamed"},
    "tags.best = 'yes' and tags.`mlflow.user` LIKE '%'": {"first"},
    "attributes.status = 'FINISHED'": {"first", "child"},
    "status = 'KILLED'": {"renamed"},
    "attributes.run_name LIKE '%i%' and attributes.status != 'FAILED'": {"first", "child"},
    f"run_id IN ('{first}', '{third}')": {"first", "third"},
    f"attribute.run_id NOT IN ('{first}')": runs - {"first"},
    "start_time < 10": {"third"},
    f"tags.mlflow.parentRunId = '{first}'": {"child"},
    "dataset.name = 'arxiv' and dataset.context IN ('training')": {"renamed"},
}.items():
    assert set(found(filter)) == want, (filter, found(filter))
if not mlflow.__version__.startswith("2."):
    assert set(found("tags.best IS NULL")) == runs - {"first"} and found("params.model IS NOT NULL and tags.best IS NOT NULL") == ["first"]
assert found(order=["metrics.`eval/loss` DESC"]) == ["child", "renamed", "first", "third"]
assert found(order=["metrics.`eval/loss` ASC"]) == ["first", "renamed", "child", "third"]
assert found(order=["params.model ASC", "attributes.run_name DESC"]) == ["renamed", "first", "third", "child"]
for bad in ["metrics.loss = 'x'", "params.a > 'x'", "metrics.a = 1 OR metrics.b = 2", "nonsense.a = 'x'", "status = FINISHED", "metrics.a", "unknown = 'x'",
            "status IN ('a'", "params.a = 'x"]:
    refused("INVALID_PARAMETER_VALUE", client.search_runs, [papers], bad)
page = client.search_runs([papers], max_results=3)
assert len(page) == 3 and page.token
rest = client.search_runs([papers], max_results=3, page_token=page.token)
assert len(rest) == 1 and not rest.token and {r.info.run_name for r in page + rest} == runs
client.delete_run(third)
assert "third" not in found() and found(run_view_type=ViewType.DELETED_ONLY) == ["third"] and set(found(run_view_type=ViewType.ALL)) == runs
frame = mlflow.search_runs([papers], filter_string="params.model = 't5'")
assert list(frame["metrics.eval/loss"]) == [1.0] and list(frame["params.lr"]) == ["5e-05"], frame

# A run that failed, one in the default experiment.
try:
    with mlflow.start_run(experiment_id="0") as failing:
        raise KeyError("x")
except KeyError:
    pass
assert client.get_run(failing.info.run_id).info.status == "FAILED"
mlflow.log_table({"a": [1, 2]}, "table.json", run_id=failing.info.run_id)
client.log_text(failing.info.run_id, "x", "folder/x.txt")
get_artifact_repository(client.get_run(failing.info.run_id).info.artifact_uri).delete_artifacts("folder")
assert [f.path for f in client.list_artifacts(failing.info.run_id)] == ["table.json"]
with mlflow.start_run(run_id=first):  # taken up again
    mlflow.log_metric("eval/loss", 0.5, step=3)
assert client.get_run(first).data.metrics["eval/loss"] == 0.5
print(json.dumps({"experiment": papers, "first": first, "child": child, "second": second, "failed": failing.info.run_id}))
