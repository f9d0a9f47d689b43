package mlflow

import (
	"context"

	"paperlab/tracker"
)

type historyRequest struct {
	runRequest
	MetricKey  string   `json:"metric_key"`
	MaxResults *integer `json:"max_results"`
	PageToken  string   `json:"page_token"`
}

// metricHistory gives all points of a metric, those too that a resumed session hides; in pages if asked.
func (s *server) metricHistory(ctx context.Context, r historyRequest) (any, error) {
	if err := required("metric_key", r.MetricKey); err != nil {
		return nil, err
	}
	run, err := s.run(ctx, r.runRequest)
	if err != nil {
		return nil, err
	}
	begin, err := offset(r.PageToken)
	if err != nil {
		return nil, err
	}
	key, labels := seriesOf(r.MetricKey)
	points, err := s.store.Points(ctx, run.ID, key, labels)
	if err != nil {
		return nil, err
	}
	size := len(points)
	if r.MaxResults != nil {
		if size, err = pageSize(r.MaxResults, 0); err != nil {
			return nil, err
		}
	}
	begin = min(begin, len(points))
	end := min(begin+size, len(points))
	metrics := make([]metric, 0, end-begin)
	for _, p := range points[begin:end] {
		metrics = append(metrics, newMetric(r.MetricKey, p))
	}
	return answer("metrics", metrics, nextPage(end, end < len(points))), nil
}

type bulkRequest struct {
	RunID      list     `json:"run_id"`
	RunIDs     list     `json:"run_ids"`
	MetricKey  string   `json:"metric_key"`
	StartStep  *integer `json:"start_step"`
	EndStep    *integer `json:"end_step"`
	MaxResults *integer `json:"max_results"`
}

// maxRuns is how many runs one call may ask for, and maxPoints how many points it gets of all of them, or of each.
const (
	maxRuns           = 100
	maxPoints         = 25_000
	maxPointsInterval = 2_500
)

// metricHistoryBulk gives the first points of a metric of several runs.
func (s *server) metricHistoryBulk(ctx context.Context, r bulkRequest) (any, error) {
	left := maxPoints
	if r.MaxResults != nil {
		left = min(left, int(*r.MaxResults))
	}
	return s.bulk(ctx, r.RunID, "run_id", r.MetricKey, func(points []tracker.Point) []tracker.Point {
		some := points[:min(left, len(points))]
		left -= len(some)
		return some
	})
}

// metricHistoryInterval gives the points of a metric between two steps, thinned out for a plot.
func (s *server) metricHistoryInterval(ctx context.Context, r bulkRequest) (any, error) {
	size := maxPointsInterval
	if r.MaxResults != nil {
		if size = int(*r.MaxResults); size < 1 || size > maxPointsInterval {
			return nil, invalid("max_results must be between 1 and %d.", maxPointsInterval)
		}
	}
	return s.bulk(ctx, r.RunIDs, "run_ids", r.MetricKey, func(points []tracker.Point) []tracker.Point {
		var some []tracker.Point
		for _, p := range tracker.Curve(points) {
			if (r.StartStep == nil || p.Step >= int64(*r.StartStep)) && (r.EndStep == nil || p.Step <= int64(*r.EndStep)) {
				some = append(some, p)
			}
		}
		const each = 4 // points of a bucket
		return tracker.Thin(some, max(1, size/each))
	})
}

func (s *server) bulk(ctx context.Context, ids list, name, metricKey string, choose func([]tracker.Point) []tracker.Point) (any, error) {
	if len(ids) == 0 {
		return nil, required(name, "")
	}
	if len(ids) > maxRuns {
		return nil, invalid("The request cannot specify more than %d %s. Received %d.", maxRuns, name, len(ids))
	}
	if err := required("metric_key", metricKey); err != nil {
		return nil, err
	}
	key, labels := seriesOf(metricKey)
	var metrics []metric
	for _, id := range ids {
		run, err := s.run(ctx, runRequest{RunID: id})
		if err != nil {
			return nil, err
		}
		points, err := s.store.Points(ctx, run.ID, key, labels)
		if err != nil {
			return nil, err
		}
		for _, p := range choose(points) {
			m := newMetric(metricKey, p)
			m.RunID = run.ID
			metrics = append(metrics, m)
		}
	}
	return answer("metrics", metrics, ""), nil
}
