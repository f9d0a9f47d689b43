// Package train is the loop: [Fit] moves a model's parameters down the gradients of its loss, evaluates it, saves
// checkpoints and resumes from them. It knows models only as [Model], data only as [Dataset], and whoever wants to watch
// (a progress bar, a tracker, a notebook) only as a [Hook] that is told each [Event].
//
//	result, err := train.Fit(ctx, train.Task[t5.Batch]{Model: model, Training: examples, Validation: held, Save: model.Save},
//		train.Config{Epochs: 10, BatchSize: 4, Accumulation: 4, LearningRate: 5e-5, MaxGradNorm: 1, Output: "checkpoints"}, hook)
//
// What it computes and logs follows Trainer of transformers 4.49; where it differs on purpose its documentation says so.
package train
