package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/query"
	"paperlab/tracker/runs"
)

func showCommand() *cobra.Command {
	var flags common
	cmd := &cobra.Command{
		Use:   "show RUN",
		Short: "Show what is known of a run",
		Long:  `Show what is known of a run.` + naming,
		Example: `  paperlab runs show 01k0z6v8mhk2t6gq6v0wz3n5tb
  paperlab runs show 'best(eval/loss)' --json`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				id, err := runs.Find(cmd.Context(), store, args[0])
				if err != nil {
					return err
				}
				return show(cmd, store, id, flags.json)
			})
		},
	}
	flags.add(cmd)
	return cmd
}

// show prints a run with its metrics, and what else it logged.
func show(cmd *cobra.Command, store tracker.Store, id string, asJSON bool) error {
	summary, err := runs.Get(cmd.Context(), store, id)
	if err != nil {
		return err
	}
	kept, err := readKept(cmd.Context(), store, id)
	if err != nil {
		return err
	}
	if !asJSON {
		return printRun(cmd.OutOrStdout(), summary, kept)
	}
	object := newRunJSON(summary)
	object.Diff = summary.Run.Source.Diff
	object.Texts, object.Tables, object.Images, object.Histograms = kept.texts, kept.tables, kept.images, kept.histograms
	for _, a := range kept.artifacts {
		object.Artifacts = append(object.Artifacts, artifactJSON{a.Name, a.Hash, a.Size, a.Time})
	}
	return printJSON(cmd, object)
}

func printRun(out io.Writer, summary runs.Summary, kept *kept) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	run := summary.Run
	line := func(name string, values ...any) {
		if text := strings.TrimSpace(fmt.Sprintln(values...)); text != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, strings.ReplaceAll(text, "\n", "\n\t"))
		}
	}
	line("id", run.ID)
	line("project", run.Project)
	line("name", run.Name)
	line("status", run.Status)
	line("group", run.Group)
	line("parent", run.Parent)
	line("started", run.Started.Local().Format(time.DateTime))
	if !run.Ended.IsZero() {
		line("ended", run.Ended.Local().Format(time.DateTime))
	}
	if !run.Deleted.IsZero() {
		line("deleted", run.Deleted.Local().Format(time.DateTime), "(runs restore brings it back)")
	}
	line("notes", run.Notes)
	line("command", run.Source.Command)
	line("folder", run.Source.Dir)
	line("commit", run.Source.Commit, dirty(run))
	line("host", run.Machine.Host)
	line("cpu", run.Machine.CPU)
	line("gpu", run.Machine.GPU)
	for _, key := range slices.Sorted(maps.Keys(run.Params)) {
		line("params."+key, query.Text(run.Params[key]))
	}
	for _, key := range slices.Sorted(maps.Keys(run.Tags)) {
		line("tags."+key, run.Tags[key])
	}
	for _, s := range summary.Series {
		line(seriesName(s), fmt.Sprintf("last %.6g at step %d, min %.6g, max %.6g, %s", s.Last.Value, s.Last.Step, s.Min, s.Max, counted(s.Count, "point")))
	}
	for _, media := range []struct {
		name   string
		counts map[string]int
	}{{"text", kept.texts}, {"table", kept.tables}, {"image", kept.images}, {"histogram", kept.histograms}} {
		for _, key := range slices.Sorted(maps.Keys(media.counts)) {
			line(media.name, key, fmt.Sprintf("(%d)", media.counts[key]))
		}
	}
	for _, a := range kept.artifacts {
		line("artifact", a.Name, a.Size, "bytes, sha256", a.Hash)
	}
	return w.Flush()
}

func dirty(run *tracker.Run) string {
	if run.Source.Diff == "" {
		return ""
	}
	return "(with changes)"
}

// seriesName is the key, with the context behind it where there is one.
func seriesName(s tracker.Series) string {
	if s.Context == "" {
		return s.Key
	}
	return s.Key + "{" + string(s.Context) + "}"
}
