// Package mlflow speaks with MLflow: [Handler] serves its tracking API, so that a program with MLFLOW_TRACKING_URI set
// logs into a store of ours unchanged, and [Import] brings the runs of MLflow's own SQLite file.
//
// An experiment is a [tracker.Project] and its experiment_id the project's ID; experiment "0", Default, is the project
// named "default". A run_id is the run's ID. A metric is a series; one with a context is called key{context}.
// Parameters are texts in MLflow: one that reads as a number or a truth value as Python writes it is kept as such, and
// comes back as the same text. The tags mlflow.runName, mlflow.note.content and mlflow.parentRunId are the run's name,
// notes and parent; mlflow.source.name and mlflow.source.git.commit its command and commit too. A run that crashed is
// FAILED.
//
// What is better than at MLflow's: infinities stay infinite; equal points logged twice are both kept; the bin holds
// what was deleted until runs gc.
package mlflow
