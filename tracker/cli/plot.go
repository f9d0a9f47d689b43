package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"gonum.org/v1/plot"

	"paperlab/tracker"
	"paperlab/tracker/figure"
	"paperlab/tracker/runs"
)

// plotCommand draws runs into a file.
func plotCommand() *cobra.Command {
	var flags common
	var drawing drawing
	var band, out string
	cmd := &cobra.Command{
		Use:   "plot [RUN...] -o FILE",
		Short: "Draw the curves of runs: loss, learning rate, gradient norm, memory, or any series",
		Long: `Draw the curves of runs into a PNG, SVG or PDF file: of those that are named, or of those that --filter, --project and --sort
choose.` + naming,
		Example: `  paperlab plot summarize -o loss.svg
  paperlab plot summarize search --kind learning-rate -o rates.png
  paperlab plot --filter 'project == "sweep"' --metric eval/loss --group params.lr --band confidence -o sweep.pdf --column`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usageError{errors.New("plot: want a file: -o loss.png, .svg or .pdf")}
			}
			if err := figure.CheckName(out); err != nil {
				return usageError{err}
			}
			if err := drawing.check(args); err != nil {
				return usageError{err}
			}
			var ok bool
			if drawing.options.Band, ok = bands[band]; !ok {
				return usageError{fmt.Errorf("plot --band %q: want range, deviation or confidence", band)}
			}
			return flags.withExisting(cmd.Context(), func(store tracker.Store) error {
				p, err := drawing.draw(cmd, store, args)
				if err != nil {
					return point(cmd, err)
				}
				if err := figure.SaveAs(p, drawing.options, out); err != nil {
					return err
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), out)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&flags.db, "db", "", "database (default: $PAPERLAB_DB, or the nearest paperlab.db up to the repository's root)")
	cmd.Flags().StringVarP(&out, "out", "o", "", "file to write, .png, .svg or .pdf")
	addQuery(cmd, &drawing.query)
	cmd.Flags().StringVar(&drawing.kind, "kind", string(figure.Loss), "what to draw: loss, learning-rate, grad-norm, memory or rouge")
	cmd.Flags().StringVar(&drawing.metric, "metric", "", "draw this series instead of a kind: eval/loss")
	cmd.Flags().StringVar(&drawing.query.Group, "group", "", "draw --metric as the mean of the runs that have the same of this: 'params.lr, params.model'")
	cmd.Flags().StringVar(&band, "band", "range", "what surrounds the mean of a group: range, deviation or confidence (95 %)")
	options := &drawing.options
	cmd.Flags().StringVar(&options.Title, "title", "", "title above the plot")
	cmd.Flags().Float64Var(&options.Smoothing, "smoothing", 0, "weight of TensorBoard's smoothing, 0 to less than 1")
	cmd.Flags().BoolVar(&options.TimeWeighted, "time-weighted", false, "smooth by the distance of steps instead of their number, as W&B does")
	cmd.Flags().BoolVar(&options.Epochs, "epochs", false, "count epochs instead of steps")
	cmd.Flags().BoolVar(&options.LogX, "log-x", false, "logarithmic horizontal axis")
	cmd.Flags().BoolVar(&options.LogY, "log", false, "logarithmic vertical axis")
	cmd.Flags().BoolVar(&options.Column, "column", false, "draw for a column of a paper: everything but the text is smaller")
	return cmd
}

var bands = map[string]figure.Band{"range": figure.Range, "deviation": figure.Deviation, "confidence": figure.Confidence}

// drawing is what to draw of which runs.
type drawing struct {
	query        runs.Query
	kind, metric string
	options      figure.Options
}

func (d drawing) check(named []string) error {
	chosen := d.query.Filter != "" || d.query.Project != ""
	switch {
	case len(named) == 0 && !chosen:
		return errors.New("plot: want runs: name them, or choose them by --filter or --project")
	case len(named) > 0 && chosen:
		return errors.New("plot: want runs either named or chosen by --filter and --project, not both")
	case d.query.Group != "" && d.metric == "":
		return errors.New("plot --group: want the series to draw as well: --metric eval/loss")
	case !(d.options.Smoothing >= 0 && d.options.Smoothing < 1):
		return fmt.Errorf("plot --smoothing %v: want at least 0 and less than 1", d.options.Smoothing)
	}
	return figure.Kind(d.kind).Check()
}

func (d drawing) draw(cmd *cobra.Command, store tracker.Store, named []string) (*plot.Plot, error) {
	ids, err := findAll(cmd, store, named)
	if err != nil {
		return nil, err
	}
	if d.query.Group != "" {
		if len(ids) > 0 {
			d.query.Filter = `id == "` + strings.Join(ids, `" || id == "`) + `"`
		}
		return figure.BandsOf(cmd.Context(), store, d.metric, d.query, d.options)
	}
	if len(ids) == 0 {
		if ids, err = d.chosen(cmd.Context(), store); err != nil {
			return nil, err
		}
	}
	if d.metric != "" {
		if err := anyHas(cmd.Context(), store, d.metric, ids); err != nil {
			return nil, err
		}
		return figure.Series(cmd.Context(), store, d.metric, ids, d.options)
	}
	return figure.Draw(cmd.Context(), store, figure.Kind(d.kind), ids, d.options)
}

// anyHas refuses a series that none of the runs has: nothing would be drawn.
func anyHas(ctx context.Context, store tracker.Store, key string, ids []string) error {
	for _, id := range ids {
		all, err := store.Series(ctx, id)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(s tracker.Series) bool { return s.Key == key }) {
			return nil
		}
	}
	return &tracker.Error{
		Op: "find series", On: key, Err: fmt.Errorf("%w: none of the runs has it", tracker.ErrNotFound), Advice: "paperlab runs show RUN lists the series of a run",
	}
}

// chosen finds the runs of the query.
func (d drawing) chosen(ctx context.Context, store tracker.Store) (ids []string, err error) {
	found, err := d.query.Select(ctx, store)
	if err != nil {
		return nil, err
	}
	for _, summary := range found {
		ids = append(ids, summary.Run.ID)
	}
	return ids, nil
}
