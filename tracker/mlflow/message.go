package mlflow

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"paperlab/tracker"
)

// The messages of MLflow's service.proto, in protobuf's JSON.
type (
	pair struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	metric struct {
		Key       string          `json:"key"`
		Value     *tracker.Number `json:"value"`
		Timestamp integer         `json:"timestamp"`
		Step      integer         `json:"step"`
		RunID     string          `json:"run_id,omitempty"`
	}
	runInfo struct {
		RunID          string  `json:"run_id"`
		RunUUID        string  `json:"run_uuid"`
		RunName        string  `json:"run_name"`
		ExperimentID   string  `json:"experiment_id"`
		UserID         string  `json:"user_id"`
		Status         string  `json:"status"`
		StartTime      integer `json:"start_time"`
		EndTime        integer `json:"end_time,omitempty"`
		ArtifactURI    string  `json:"artifact_uri"`
		LifecycleStage string  `json:"lifecycle_stage"`
	}
	runData struct {
		Metrics []metric `json:"metrics"`
		Params  []pair   `json:"params"`
		Tags    []pair   `json:"tags"`
	}
	runInputs struct {
		Datasets []json.RawMessage `json:"dataset_inputs"`
	}
	runMessage struct {
		Info   runInfo   `json:"info"`
		Data   runData   `json:"data"`
		Inputs runInputs `json:"inputs"`
	}
	experiment struct {
		ID               string  `json:"experiment_id"`
		Name             string  `json:"name"`
		ArtifactLocation string  `json:"artifact_location"`
		LifecycleStage   string  `json:"lifecycle_stage"`
		CreationTime     integer `json:"creation_time"`
		LastUpdateTime   integer `json:"last_update_time"`
		Tags             []pair  `json:"tags"`
	}
	fileInfo struct {
		Path  string   `json:"path"`
		IsDir bool     `json:"is_dir"`
		Size  *integer `json:"file_size,omitempty"`
	}
)

// integer is an int64, which protobuf's JSON also writes as a text.
type integer int64

func (i *integer) UnmarshalJSON(text []byte) error {
	plain := strings.Trim(string(text), `"`)
	if n, err := strconv.ParseInt(plain, 10, 64); err == nil {
		*i = integer(n)
		return nil
	}
	f, err := strconv.ParseFloat(plain, 64)
	if plain == "null" {
		return nil
	}
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
		return fmt.Errorf("%.40s is no whole number", text)
	}
	*i = integer(f)
	return nil
}

// list is one of texts; from a query a single one is a text.
type list []string

func (l *list) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*l = list{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(l))
}

func millis(t time.Time) integer {
	if t.IsZero() {
		return 0
	}
	return integer(t.UnixMilli())
}

// timeOf is the opposite of millis; what is not given becomes otherwise.
func timeOf(ms integer, otherwise time.Time) time.Time {
	if ms == 0 {
		return otherwise
	}
	return time.UnixMilli(int64(ms)).UTC()
}
