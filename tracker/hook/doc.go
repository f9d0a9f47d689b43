// Package hook joins trainings to the tracker: [New] makes a run the hook of a training, which then logs itself, while the
// machine is sampled beside it. A record that fails is reported and does not end the training.
//
//	run, err := runs.Start(ctx, store, runs.Options{Name: "summarize", Params: cfg.Params()})
//	result, err := train.Fit(ctx, task, cfg, hook.New(run))
//
// [NewRecord] opens the run when the training starts, and goes on in the same run when the training goes on from a checkpoint.
package hook
