package mlflow

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// info is what a client learns of a run first.
func info(run *tracker.Run, p tracker.Project) runInfo {
	return runInfo{
		RunID: run.ID, RunUUID: run.ID, RunName: run.Name, ExperimentID: experimentID(p), UserID: run.Tags[tagUser],
		Status: statusNames[run.Status], StartTime: millis(run.Started), EndTime: millis(run.Ended),
		ArtifactURI: location(p) + "/" + run.ID + "/artifacts", LifecycleStage: stage(run.Deleted),
	}
}

// data gives the last value of each metric, the parameters and the tags, all sorted by key.
func data(summary runs.Summary) runData {
	d := runData{Metrics: []metric{}, Params: []pair{}, Tags: []pair{}}
	for _, series := range summary.Series {
		d.Metrics = append(d.Metrics, newMetric(metricKey(series.Key, series.Context), series.Last))
	}
	for key, value := range summary.Run.Params {
		d.Params = append(d.Params, pair{key, paramText(value)})
	}
	for key, value := range tagsOf(summary.Run) {
		d.Tags = append(d.Tags, pair{key, value})
	}
	byKey := func(a, b pair) int { return cmp.Compare(a.Key, b.Key) }
	slices.SortFunc(d.Params, byKey)
	slices.SortFunc(d.Tags, byKey)
	return d
}

func newMetric(key string, p tracker.Point) metric {
	value := tracker.Number(p.Value)
	return metric{Key: key, Value: &value, Timestamp: millis(p.Time), Step: integer(p.Step)}
}

// metricKey names a series as MLflow does a metric; seriesOf is its opposite.
func metricKey(key string, context tracker.Context) string {
	if context == "" {
		return key
	}
	return key + "{" + string(context) + "}"
}

func seriesOf(metric string) (key string, context tracker.Context) {
	name, labels, ok := strings.Cut(strings.TrimSuffix(metric, "}"), "{")
	if !ok || !strings.HasSuffix(metric, "}") {
		return metric, ""
	}
	if _, err := tracker.Context(labels).Labels(); err != nil {
		return metric, ""
	}
	return name, tracker.Context(labels)
}

// projectOf returns the run's project.
func (s *server) projectOf(ctx context.Context, run *tracker.Run) (tracker.Project, error) {
	all, err := s.store.Projects(ctx)
	if err != nil {
		return tracker.Project{}, err
	}
	i := slices.IndexFunc(all, func(p tracker.Project) bool { return p.Name == run.Project })
	if i < 0 {
		return tracker.Project{}, missing("No Experiment with name=%s exists", run.Project)
	}
	return all[i], nil
}

// message is all that a client learns of a run.
func (s *server) message(ctx context.Context, run *tracker.Run) (runMessage, error) {
	p, err := s.projectOf(ctx, run)
	if err != nil {
		return runMessage{}, err
	}
	summary, err := runs.Get(ctx, s.store, run.ID)
	if err != nil {
		return runMessage{}, err
	}
	datasets, err := s.datasets(ctx, run.ID)
	return runMessage{info(summary.Run, p), data(summary), runInputs{datasets}}, err
}

// keyDatasets is the key of the texts in which a run keeps what data it read, as the clients told it.
const keyDatasets = "mlflow.datasets"

func (s *server) datasets(ctx context.Context, run string) ([]json.RawMessage, error) {
	texts, err := s.store.Texts(ctx, run, keyDatasets)
	if err != nil {
		return nil, err
	}
	all := make([]json.RawMessage, 0, len(texts))
	for _, text := range texts {
		if json.Valid([]byte(text.Body)) {
			all = append(all, json.RawMessage(text.Body))
		}
	}
	return all, nil
}
