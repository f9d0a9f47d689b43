"""Logs two runs with Trackio 0.43.0: make_golden.py FOLDER writes FOLDER/papers.db. With --sql it prints the tables that are imported as SQL;
trackio.sql was made so."""
import os
import sys

os.environ["TRACKIO_DIR"] = folder = sys.argv[1]
stdout, sys.stdout = sys.stdout, sys.stderr
import numpy
import trackio

trackio.init(project="papers", name="first", group="seeds", config={"lr": 5e-5, "epochs": 3, "model": "t5", "fp16": True, "nested": {"a": [1, 2]}})
trackio.log({"train/loss": 2.5, "note": "a text", "nan": float("nan"), "inf": float("-inf"), "done": True}, step=1)
trackio.log({"train/loss": 2.0, "deep": {"a": 1.5, "list": [1, 2]}}, step=2)
trackio.finish()
trackio.init(project="papers", name="second", config={})
for i in range(3):
    trackio.log({"loss": 1 / (i + 1)})
trackio.log({"samples": trackio.Table(data=[[1, 2.5, "x"], [2, None, "y"]], columns=["b", "a", "c"])})
trackio.log({"plot": trackio.Image(numpy.zeros((2, 3, 3), dtype=numpy.uint8), caption="black")})
trackio.log({"weights": trackio.Histogram([0.0, 1.0, 1.0], num_bins=2)})
trackio.log_system({"gpu/util": 50.0})
trackio.alert("careful", "the loss is high")
trackio.finish()

if "--sql" in sys.argv:
    import sqlite3

    for line in sqlite3.connect(os.path.join(folder, "papers.db")).iterdump():
        if any(line.startswith(f"{verb} {quote}{table}{quote}") for verb in ("CREATE TABLE", "INSERT INTO") for quote in ("", '"')
               for table in ("metrics", "configs", "system_metrics", "alerts")):
            print(line, file=stdout)
