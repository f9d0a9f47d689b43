package cli

import (
	"encoding/json"
	"time"

	"github.com/spf13/cobra"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// runJSON is a run as --json prints it.
type runJSON struct {
	ID        string                `json:"id"`
	Project   string                `json:"project"`
	Name      string                `json:"name"`
	Status    string                `json:"status"`
	Group     string                `json:"group,omitempty"`
	Parent    string                `json:"parent,omitempty"`
	Started   time.Time             `json:"started"`
	Ended     time.Time             `json:"ended,omitzero"`
	Deleted   time.Time             `json:"deleted,omitzero"`
	Heartbeat time.Time             `json:"heartbeat,omitzero"`
	Session   int64                 `json:"session"`
	Params    map[string]any        `json:"params"`
	Tags      map[string]string     `json:"tags"`
	Notes     string                `json:"notes,omitempty"`
	Command   string                `json:"command,omitempty"`
	Dir       string                `json:"dir,omitempty"`
	Commit    string                `json:"commit,omitempty"`
	Diff      string                `json:"diff,omitempty"`
	Host      string                `json:"host,omitempty"`
	CPU       string                `json:"cpu,omitempty"`
	GPU       string                `json:"gpu,omitempty"`
	Env       map[string]string     `json:"env"`
	Metrics   map[string]metricJSON `json:"metrics"`
	Artifacts []artifactJSON        `json:"artifacts,omitempty"`

	// Of each key, how many were logged.
	Texts      map[string]int `json:"texts,omitempty"`
	Tables     map[string]int `json:"tables,omitempty"`
	Images     map[string]int `json:"images,omitempty"`
	Histograms map[string]int `json:"histograms,omitempty"`
}

type metricJSON struct {
	Count int64          `json:"count"`
	Step  int64          `json:"step"`
	Last  tracker.Number `json:"last"`
	Min   tracker.Number `json:"min"`
	Max   tracker.Number `json:"max"`
}

type artifactJSON struct {
	Name string    `json:"name"`
	Hash string    `json:"sha256"`
	Size int64     `json:"size"`
	Time time.Time `json:"time"`
}

// newRunJSON gives everything but what only "runs show" prints: the diff, the artifacts and the counts.
func newRunJSON(summary runs.Summary) *runJSON {
	r := summary.Run
	object := &runJSON{
		ID: r.ID, Project: r.Project, Name: r.Name, Status: string(r.Status), Group: r.Group, Parent: r.Parent,
		Started: r.Started, Ended: r.Ended, Deleted: r.Deleted, Heartbeat: r.Heartbeat, Session: r.Session,
		Params: map[string]any{}, Tags: r.Tags, Notes: r.Notes,
		Command: r.Source.Command, Dir: r.Source.Dir, Commit: r.Source.Commit,
		Host: r.Machine.Host, CPU: r.Machine.CPU, GPU: r.Machine.GPU, Env: r.Machine.Env,
		Metrics: map[string]metricJSON{},
	}
	for key, value := range r.Params {
		// Only here can a parameter be NaN: the numbers within lists and objects came from JSON.
		if v, ok := value.(float64); ok {
			value = tracker.Number(v)
		}
		object.Params[key] = value
	}
	for _, s := range summary.Series {
		object.Metrics[seriesName(s)] = metricJSON{s.Count, s.Last.Step, tracker.Number(s.Last.Value), tracker.Number(s.Min), tracker.Number(s.Max)}
	}
	return object
}

func printJSON(cmd *cobra.Command, object any) error {
	encoder := json.NewEncoder(cmd.OutOrStdout())
	encoder.SetEscapeHTML(false)
	return encoder.Encode(object)
}
