package cli

import (
	"context"
	"io"

	"paperlab/tracker"
	"paperlab/tracker/ingest"
	"paperlab/tracker/jsonlines"
	"paperlab/tracker/runs"
)

// bringDatabase imports all that another database of ours holds, what is in its bin too. Unlike [tracker.Copy] it may be
// done again: a database that others go on logging to is followed so.
func bringDatabase(ctx context.Context, store tracker.Store, address, _ string, done func(*ingest.Run)) error {
	from, err := runs.OpenExisting(ctx, address)
	return use(from, err, func(from tracker.Store) error {
		if err := bringProjects(ctx, from, store); err != nil {
			return err
		}
		var ids []string
		for _, deleted := range []bool{false, true} {
			all, err := from.Runs(ctx, tracker.RunFilter{Deleted: deleted})
			if err != nil {
				return err
			}
			for _, run := range all {
				ids = append(ids, run.ID)
			}
		}
		in, out := io.Pipe()
		written := make(chan error, 1)
		go func() {
			_, err := jsonlines.Write(ctx, from, out, ids...)
			out.CloseWithError(err)
			written <- err
		}()
		err := jsonlines.Read(ctx, store, in, done)
		in.CloseWithError(err) // the writer, if it is not through, ends with it
		if failed := <-written; err == nil {
			err = failed
		}
		return err
	})
}

// bringProjects makes the projects that are missing, with their tags.
func bringProjects(ctx context.Context, from tracker.Reader, store tracker.Store) error {
	projects, err := from.Projects(ctx)
	if err != nil {
		return err
	}
	for _, project := range projects {
		_, err := store.UpdateProject(ctx, project.Name, func(p *tracker.Project) error {
			if p.ID == 0 {
				p.Created, p.Deleted, p.Tags = project.Created, project.Deleted, project.Tags
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
