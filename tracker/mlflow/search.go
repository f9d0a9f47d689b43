package mlflow

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// viewType says whether what is in the bin is asked for.
type viewType string

// UnmarshalJSON reads a name or, as some clients have it, a number.
func (v *viewType) UnmarshalJSON(text []byte) error {
	*v = viewType(strings.Trim(string(text), `"`))
	return nil
}

func (v viewType) active() bool  { return v != "DELETED_ONLY" && v != "2" }
func (v viewType) deleted() bool { return v == "DELETED_ONLY" || v == "2" || v == "ALL" || v == "3" }

type searchRequest struct {
	ExperimentIDs list     `json:"experiment_ids"`
	Filter        string   `json:"filter"`
	RunView       viewType `json:"run_view_type"`
	View          viewType `json:"view_type"`
	MaxResults    *integer `json:"max_results"`
	OrderBy       list     `json:"order_by"`
	PageToken     string   `json:"page_token"`
}

func (s *server) searchExperiments(ctx context.Context, r searchRequest) (any, error) {
	size, err := pageSize(r.MaxResults, 1000)
	if err != nil {
		return nil, err
	}
	clauses, err := experimentSchema.parse(r.Filter)
	if err != nil {
		return nil, err
	}
	if len(r.OrderBy) == 0 {
		r.OrderBy = list{"creation_time DESC", "experiment_id ASC"}
	}
	orders, err := experimentSchema.orders(r.OrderBy)
	if err != nil {
		return nil, err
	}
	all, err := s.projects(ctx)
	if err != nil {
		return nil, err
	}
	var found []experiment
	for _, p := range all {
		e := newExperiment(p)
		asked := p.Deleted.IsZero() && r.View.active() || !p.Deleted.IsZero() && r.View.deleted()
		if asked && matches(clauses, e.values) {
			found = append(found, e)
		}
	}
	slices.SortStableFunc(found, func(a, b experiment) int {
		return cmp.Or(compareBy(orders, a.values, b.values), -cmp.Compare(len(a.ID), len(b.ID)), -cmp.Compare(a.ID, b.ID))
	})
	some, next, err := page(found, r.PageToken, size)
	return answer("experiments", some, next), err
}

// values gives the experiment's fields to filters and orders.
func (e experiment) values(f field) any {
	if f.entity == ofTag {
		return tagIn(e.Tags, f.key)
	}
	switch f.key {
	case "name":
		return e.Name
	case "experiment_id":
		return e.ID
	case "creation_time":
		return float64(e.CreationTime)
	case "last_update_time":
		return float64(e.LastUpdateTime)
	}
	return nil
}

func tagIn(tags []pair, key string) any {
	for _, tag := range tags {
		if tag.Key == key {
			return tag.Value
		}
	}
	return nil
}

// answer is a page of results.
func answer[T any](name string, some []T, next string) map[string]any {
	if some == nil {
		some = []T{}
	}
	object := map[string]any{name: some}
	if next != "" {
		object["next_page_token"] = next
	}
	return object
}

func (s *server) searchRuns(ctx context.Context, r searchRequest) (any, error) {
	size, err := pageSize(r.MaxResults, 1000)
	if err != nil {
		return nil, err
	}
	clauses, err := runSchema.parse(r.Filter)
	if err != nil {
		return nil, err
	}
	orders, err := runSchema.orders(r.OrderBy)
	if err != nil {
		return nil, err
	}
	withDatasets := slices.ContainsFunc(clauses, func(c clause) bool { return c.entity == ofDataset })
	var found []runMessage
	for _, id := range slices.Compact(slices.Sorted(slices.Values(r.ExperimentIDs))) {
		some, err := s.runsOf(ctx, id, r.RunView, withDatasets)
		if err != nil {
			return nil, err
		}
		found = append(found, slices.DeleteFunc(some, func(m runMessage) bool { return !matches(clauses, m.values) })...)
	}
	slices.SortStableFunc(found, func(a, b runMessage) int {
		newer := cmp.Compare(b.Info.StartTime, a.Info.StartTime)
		return cmp.Or(compareBy(orders, a.values, b.values), newer, cmp.Compare(a.Info.RunID, b.Info.RunID))
	})
	some, next, err := page(found, r.PageToken, size)
	if err != nil {
		return nil, err
	}
	for i := range some {
		if some[i].Inputs.Datasets, err = s.datasets(ctx, some[i].Info.RunID); err != nil {
			return nil, err
		}
	}
	return answer("runs", some, next), nil
}

// runsOf returns the runs of an experiment; one that there is not has none.
func (s *server) runsOf(ctx context.Context, id string, view viewType, withDatasets bool) ([]runMessage, error) {
	if _, err := strconv.ParseInt(id, 10, 64); err != nil {
		return nil, invalid("Invalid experiment ID '%s'. Experiment ID must be a valid integer.", id)
	}
	all, err := s.projects(ctx)
	if err != nil {
		return nil, err
	}
	var found []runMessage
	for _, p := range all {
		if experimentID(p) != id {
			continue
		}
		for _, deleted := range []bool{false, true} {
			if deleted && !view.deleted() || !deleted && !view.active() {
				continue
			}
			summaries, err := runs.List(ctx, s.store, tracker.RunFilter{Project: p.Name, Deleted: deleted})
			if err != nil {
				return nil, err
			}
			for _, summary := range summaries {
				m := runMessage{Info: info(summary.Run, p), Data: data(summary)}
				if withDatasets {
					if m.Inputs.Datasets, err = s.datasets(ctx, summary.Run.ID); err != nil {
						return nil, err
					}
				}
				found = append(found, m)
			}
		}
	}
	return found, nil
}

// values gives the run's fields to filters and orders.
func (m runMessage) values(f field) any {
	switch f.entity {
	case ofMetric:
		for _, metric := range m.Data.Metrics {
			if metric.Key == f.key {
				return float64(*metric.Value)
			}
		}
		return nil
	case ofParam:
		return tagIn(m.Data.Params, f.key)
	case ofTag:
		return tagIn(m.Data.Tags, f.key)
	case ofDataset:
		return m.datasetValues(f.key)
	}
	return m.Info.attribute(f.key)
}

func (i runInfo) attribute(key string) any {
	switch key {
	case "run_id":
		return i.RunID
	case "run_name":
		return i.RunName
	case "status":
		return i.Status
	case "user_id":
		return i.UserID
	case "artifact_uri":
		return i.ArtifactURI
	case "lifecycle_stage":
		return i.LifecycleStage
	case "start_time":
		return float64(i.StartTime)
	case "end_time":
		if i.EndTime != 0 {
			return float64(i.EndTime)
		}
	}
	return nil
}

// datasetValues gives the names, digests or contexts of the data sets that the run read.
func (m runMessage) datasetValues(key string) any {
	var all []string
	for _, text := range m.Inputs.Datasets {
		var d dataset
		if json.Unmarshal(text, &d) != nil {
			continue // it was checked when it came
		}
		switch key {
		case "name":
			all = append(all, d.Dataset.Name)
		case "digest":
			all = append(all, d.Dataset.Digest)
		case "context":
			all = append(all, d.context())
		}
	}
	return all
}
