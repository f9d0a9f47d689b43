package compute

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"paperlab/lib/train"
)

// report keeps what was found as a run, and writes the plots, where that is asked for.
func (v *evalSearch) report(ctx context.Context, c comparison, sides []titles, outcomes []outcome) error {
	if v.name == "" && v.plots == "" {
		return nil
	}
	e := Evaluation{Name: v.name, Params: v.params(len(sides[0].papers)), Metrics: c.metrics()}
	for _, o := range outcomes {
		maps.Copy(e.Metrics, o.Metrics(o.name+"/"))
		if len(o.Questions) > 0 {
			table := train.Tabled{Key: o.name + "/questions"}
			table.Columns, table.Rows = o.Rows()
			e.Tables = append(e.Tables, table)
		}
	}
	var err error
	if e.Pictures, err = v.pictures(sides, outcomes); err != nil {
		return err
	}
	if v.plots != "" {
		if err := e.write(v.plots); err != nil {
			return fmt.Errorf("--plots: %w", err)
		}
	}
	if v.name != "" && v.keep != nil {
		return v.keep(ctx, e)
	}
	return nil
}

// pictures draws the measures of each test, and the titles as each model sees them.
func (v *evalSearch) pictures(sides []titles, outcomes []outcome) (all []Picture, err error) {
	if v.draw.Bars == nil {
		return nil, nil
	}
	for _, o := range outcomes {
		bars, err := o.picture(v.draw)
		if err != nil {
			return nil, err
		}
		all = append(all, bars)
	}
	for _, side := range sides {
		pictures, err := side.pictures(v.draw)
		if err != nil {
			return nil, err
		}
		all = append(all, pictures...)
	}
	return all, nil
}

// params are what a tracker keeps beside the figures.
func (v *evalSearch) params(papers int) map[string]any {
	return map[string]any{
		"task": "eval search", "model": v.model, "baseline": v.baseline, "data": v.from.path, "papers": papers, "query": v.question(),
		"titles": v.retrieval.titles, "judged": strings.Join(v.retrieval.judged, " "), "reranking": strings.Join(v.retrieval.reranking, " "),
		"similarity": strings.Join(v.retrieval.similarity, " "), "seed": v.retrieval.seed, "precision": v.on.precision,
	}
}
