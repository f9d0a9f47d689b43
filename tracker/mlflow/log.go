package mlflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"paperlab/tracker"
)

type logMetricRequest struct {
	runRequest
	Key       string          `json:"key"`
	Value     *tracker.Number `json:"value"`
	Timestamp integer         `json:"timestamp"`
	Step      integer         `json:"step"`
}

func (s *server) logMetric(ctx context.Context, r logMetricRequest) (any, error) {
	return s.logMetrics(ctx, r.runRequest, []metric{{Key: r.Key, Value: r.Value, Timestamp: r.Timestamp, Step: r.Step}})
}

// logMetrics adds points to a run that is not in the bin.
func (s *server) logMetrics(ctx context.Context, r runRequest, metrics []metric) (any, error) {
	run, err := s.run(ctx, r)
	if err != nil {
		return nil, err
	}
	if !run.Deleted.IsZero() {
		return nil, notActive("run", run.ID)
	}
	if len(metrics) == 0 {
		return none{}, nil
	}
	samples := make([]tracker.Sample, len(metrics))
	for i, m := range metrics {
		if err := checkMetric(m, fmt.Sprintf("metrics[%d]", i)); err != nil {
			return nil, err
		}
		key, labels := seriesOf(m.Key)
		samples[i] = tracker.Sample{Key: key, Context: labels, Point: tracker.Point{
			Step: int64(m.Step), Time: timeOf(m.Timestamp, s.clock()), Session: run.Session, Value: float64(*m.Value)}}
	}
	return none{}, s.store.Log(ctx, run.ID, samples)
}

type logParamRequest struct {
	runRequest
	pair
}

func (s *server) logParam(ctx context.Context, r logParamRequest) (any, error) {
	return s.logParams(ctx, r.runRequest, []pair{r.pair}, nil)
}

// logParams sets parameters, none of which may have another value already, and tags.
func (s *server) logParams(ctx context.Context, r runRequest, params, tags []pair) (any, error) {
	var err error
	for i := range params {
		if params[i], err = checkParam(params[i]); err != nil {
			return nil, err
		}
	}
	for i := range tags {
		if tags[i], err = checkTag(tags[i]); err != nil {
			return nil, err
		}
	}
	_, err = s.update(ctx, r, func(run *tracker.Run) error {
		if run.Params == nil {
			run.Params = tracker.Params{}
		}
		for _, p := range params {
			old, there := run.Params[p.Key]
			if there && paramText(old) != p.Value {
				return invalid("Changing param values is not allowed. Param with key='%s' was already logged with value='%s' "+
					"for run ID='%s'. Attempted logging new value '%s'.", p.Key, paramText(old), run.ID, p.Value)
			}
			if !there {
				run.Params[p.Key] = paramValue(p.Value)
			}
		}
		for _, tag := range tags {
			setTag(run, tag)
		}
		return nil
	})
	return none{}, err
}

type logBatchRequest struct {
	runRequest
	Metrics []metric `json:"metrics"`
	Params  []pair   `json:"params"`
	Tags    []pair   `json:"tags"`
}

// checkSize refuses a batch whose JSON is longer than MLflow's API takes.
func (*logBatchRequest) checkSize(size int) error {
	const limit = 1_000_000
	if size > limit {
		return invalid("Batched logging API requests must be at most %d bytes, got a request of size %d.", limit, size)
	}
	return nil
}

func (s *server) logBatch(ctx context.Context, r logBatchRequest) (any, error) {
	for _, limit := range []struct {
		what   string
		n, max int
	}{
		{"metrics", len(r.Metrics), 1000},
		{"params", len(r.Params), 100},
		{"tags", len(r.Tags), 100},
		{"metrics, params, and tags", len(r.Metrics) + len(r.Params) + len(r.Tags), 1000},
	} {
		if limit.n > limit.max {
			return nil, invalid("A batch logging request can contain at most %d %s. Got %d %s. "+
				"Please split up %s across multiple requests and try again.", limit.max, limit.what, limit.n, limit.what, limit.what)
		}
	}
	// What is wrong with the metrics is found before anything is kept.
	for i, m := range r.Metrics {
		if err := checkMetric(m, fmt.Sprintf("metrics[%d]", i)); err != nil {
			return nil, err
		}
	}
	if len(r.Params)+len(r.Tags) > 0 {
		if _, err := s.logParams(ctx, r.runRequest, r.Params, r.Tags); err != nil {
			return nil, err
		}
	}
	return s.logMetrics(ctx, r.runRequest, r.Metrics)
}

type logInputsRequest struct {
	runRequest
	Datasets []json.RawMessage `json:"datasets"`
}

// dataset is what tells one data set from another.
type dataset struct {
	Tags    []pair `json:"tags"`
	Dataset struct {
		Name   string `json:"name"`
		Digest string `json:"digest"`
	} `json:"dataset"`
}

// context says what the data set was read for, such as training.
func (d dataset) context() string {
	for _, tag := range d.Tags {
		if tag.Key == "mlflow.data.context" {
			return tag.Value
		}
	}
	return ""
}

// same identifies the data set and its use.
func (d dataset) same() string {
	return strings.Join([]string{d.Dataset.Name, d.Dataset.Digest, d.context()}, "\x00")
}

func (s *server) logInputs(ctx context.Context, r logInputsRequest) (any, error) {
	run, err := s.run(ctx, r.runRequest)
	if err != nil {
		return nil, err
	}
	if !run.Deleted.IsZero() {
		return nil, notActive("run", run.ID)
	}
	old, err := s.datasets(ctx, run.ID)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	var added []string
	for i, text := range append(old, r.Datasets...) {
		var d dataset
		if err := json.Unmarshal(text, &d); err != nil || d.Dataset.Name == "" {
			return nil, invalid("Invalid dataset %.100s: want one with a name", text)
		}
		if i >= len(old) && !known[d.same()] {
			added = append(added, string(text))
		}
		known[d.same()] = true
	}
	for _, body := range added {
		text := tracker.Text{Key: keyDatasets, Time: s.clock(), Session: run.Session, Body: body}
		if err := s.store.AddText(ctx, run.ID, text); err != nil {
			return nil, err
		}
	}
	return none{}, nil
}

type logModelRequest struct {
	runRequest
	Model string `json:"model_json"`
}

// logModel adds to the list of models in the run's tags, as 2.x clients have it.
func (s *server) logModel(ctx context.Context, r logModelRequest) (any, error) {
	const key = "mlflow.log-model.history"
	var model json.RawMessage
	if err := json.Unmarshal([]byte(r.Model), &model); err != nil {
		return nil, invalid("Malformed model info. \n %s \n is not a valid JSON.", r.Model)
	}
	_, err := s.update(ctx, r.runRequest, func(run *tracker.Run) error {
		var history []json.RawMessage
		if old := run.Tags[key]; old != "" {
			if err := json.Unmarshal([]byte(old), &history); err != nil {
				return errors.New("the tag " + key + " is no list")
			}
		}
		all, err := json.Marshal(append(history, model))
		setTag(run, pair{key, string(all)})
		return err
	})
	return none{}, err
}
