// Package hook joins trainings to the tracker: [New] makes a run the hook of a training, which then logs itself.
//
//	run, err := runs.Start(ctx, store, runs.Options{Name: "summarize", Params: cfg.Params()})
//	result, err := train.Fit(ctx, task, cfg, hook.New(run))
package hook
