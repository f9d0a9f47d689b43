package tracker

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Copy copies all projects and runs of one store into another, with everything that they logged: IDs, sessions, times,
// contents and what lies in the bin stay the same. A project that the target has is left as it is there; one whose ID is
// taken gets another. A run that the target has ends the copy with [ErrExists]. While a run is being copied it lies in the
// target's bin: one that was not copied whole is never listed, and goes with the next [Store.GC].
func Copy(ctx context.Context, from Reader, to Store) error {
	projects, err := from.Projects(ctx)
	if err != nil {
		return err
	}
	for _, project := range projects {
		if err := copyProject(ctx, project, to); err != nil {
			return err
		}
	}
	for _, deleted := range []bool{false, true} {
		runs, err := from.Runs(ctx, RunFilter{Deleted: deleted})
		if err != nil {
			return err
		}
		for i := range runs {
			// From the oldest on, as they were made.
			if err := copyRun(ctx, from, to, runs[len(runs)-1-i].ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func copyProject(ctx context.Context, project Project, to Store) error {
	keep := func(id int64) error {
		_, err := to.UpdateProject(ctx, project.Name, func(p *Project) error {
			if p.ID == 0 {
				*p = project
				p.ID = id
			}
			return nil
		})
		return err
	}
	err := keep(project.ID)
	if errors.Is(err, ErrExists) {
		return keep(0)
	}
	return err
}

func copyRun(ctx context.Context, from Reader, to Store, id string) error {
	run, err := from.Run(ctx, id)
	if err != nil {
		return err
	}
	draft := *run
	draft.Deleted = run.Started
	if err := to.CreateRun(ctx, &draft); err != nil {
		return err
	}
	for _, part := range []func(context.Context, Reader, Store, string) error{
		copyPoints, copyTexts, copyTables, copyHistograms, copyConsole, copyImages, copyArtifacts,
	} {
		if err := part(ctx, from, to, id); err != nil {
			return err
		}
	}
	_, err = to.UpdateRun(ctx, id, func(r *Run) error {
		*r = *run
		return nil
	})
	return err
}

func copyPoints(ctx context.Context, from Reader, to Store, id string) error {
	all, err := from.Series(ctx, id)
	if err != nil {
		return err
	}
	var samples []Sample
	for _, s := range all {
		err := from.EachPoints(ctx, id, s.Key, s.Context, func(points []Point) error {
			samples = samples[:0]
			for _, p := range points {
				samples = append(samples, Sample{Key: s.Key, Context: s.Context, Point: p})
			}
			return to.Log(ctx, id, samples)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func copyTexts(ctx context.Context, from Reader, to Store, id string) error {
	texts, err := from.Texts(ctx, id, "")
	return each(texts, err, func(t Text) error { return to.AddText(ctx, id, t) })
}

func copyTables(ctx context.Context, from Reader, to Store, id string) error {
	tables, err := from.Tables(ctx, id, "")
	return each(tables, err, func(t Table) error { return to.AddTable(ctx, id, t) })
}

func copyHistograms(ctx context.Context, from Reader, to Store, id string) error {
	histograms, err := from.Histograms(ctx, id, "")
	return each(histograms, err, func(h Histogram) error { return to.AddHistogram(ctx, id, h) })
}

func copyConsole(ctx context.Context, from Reader, to Store, id string) error {
	chunks, _, err := from.Console(ctx, id, 0)
	if err != nil || len(chunks) == 0 {
		return err
	}
	return to.AddConsole(ctx, id, chunks)
}

func copyImages(ctx context.Context, from Reader, to Store, id string) error {
	images, err := from.Images(ctx, id, "")
	return each(images, err, func(i Image) error {
		return copyContent(ctx, from, i.Hash, func(content io.Reader) (string, error) {
			added, err := to.AddImage(ctx, id, i, content)
			return added.Hash, err
		})
	})
}

func copyArtifacts(ctx context.Context, from Reader, to Store, id string) error {
	artifacts, err := from.Artifacts(ctx, id)
	return each(artifacts, err, func(a Artifact) error {
		return copyContent(ctx, from, a.Hash, func(content io.Reader) (string, error) {
			saved, err := to.SaveArtifact(ctx, id, a.Name, a.Time, content)
			return saved.Hash, err
		})
	})
}

// copyContent gives save a content, and compares the hash of what it saved.
func copyContent(ctx context.Context, from Reader, hash string, save func(io.Reader) (string, error)) error {
	content, err := from.OpenArtifact(ctx, hash)
	if err != nil {
		return err
	}
	saved, err := save(content)
	if err := errors.Join(err, content.Close()); err != nil {
		return err
	}
	if saved != hash {
		return &Error{
			Op: "copy content", On: hash, Err: fmt.Errorf("%w: its hash is %s", ErrCorrupt, saved),
			Advice: "paperlab runs check lists what is damaged",
		}
	}
	return nil
}

// each does something with all that was read.
func each[T any](all []T, err error, do func(T) error) error {
	if err != nil {
		return err
	}
	for _, one := range all {
		if err := do(one); err != nil {
			return err
		}
	}
	return nil
}
