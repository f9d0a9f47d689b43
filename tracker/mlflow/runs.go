package mlflow

import (
	"context"
	"errors"
	"strings"
	"time"

	"paperlab/tracker"
)

// Tags of MLflow that are fields of a run here.
const (
	tagName   = "mlflow.runName"
	tagNotes  = "mlflow.note.content"
	tagParent = "mlflow.parentRunId"
	tagSource = "mlflow.source.name"
	tagCommit = "mlflow.source.git.commit"
	tagUser   = "mlflow.user"
)

// setTag puts a tag where it belongs.
func setTag(run *tracker.Run, tag pair) {
	switch tag.Key {
	case tagName:
		run.Name = tag.Value
		return
	case tagNotes:
		run.Notes = tag.Value
		return
	case tagParent:
		if id, err := tracker.ParseID(tag.Value); err == nil || tag.Value == "" {
			run.Parent = id
			return
		}
	case tagSource:
		run.Source.Command = tag.Value
		return
	case tagCommit:
		run.Source.Commit = tag.Value
		return
	}
	if run.Tags == nil {
		run.Tags = map[string]string{}
	}
	run.Tags[tag.Key] = tag.Value
}

// tagsOf gives the run's tags with those that are fields of it.
func tagsOf(run *tracker.Run) map[string]string {
	tags := make(map[string]string, len(run.Tags)+5)
	for key, value := range run.Tags {
		tags[key] = value
	}
	for key, value := range map[string]string{
		tagName: run.Name, tagNotes: run.Notes, tagParent: run.Parent, tagSource: run.Source.Command, tagCommit: run.Source.Commit,
	} {
		if value != "" {
			tags[key] = value
		}
	}
	return tags
}

var statusNames = map[tracker.Status]string{
	tracker.Running: "RUNNING", tracker.Finished: "FINISHED", tracker.Failed: "FAILED", tracker.Killed: "KILLED", tracker.Crashed: "FAILED",
}

// parseStatus reads MLflow's name of a status, or its number.
func parseStatus(name string) (tracker.Status, error) {
	switch name {
	case "RUNNING", "SCHEDULED", "1", "2":
		return tracker.Running, nil
	case "FINISHED", "3":
		return tracker.Finished, nil
	case "FAILED", "4":
		return tracker.Failed, nil
	case "KILLED", "5":
		return tracker.Killed, nil
	}
	return "", invalid("Invalid status '%s': want RUNNING, SCHEDULED, FINISHED, FAILED or KILLED", name)
}

type createRunRequest struct {
	ExperimentID string  `json:"experiment_id"`
	UserID       string  `json:"user_id"`
	RunName      string  `json:"run_name"`
	StartTime    integer `json:"start_time"`
	Tags         []pair  `json:"tags"`
}

func (s *server) createRun(ctx context.Context, r createRunRequest) (any, error) {
	if r.ExperimentID == "" {
		r.ExperimentID = defaultID
	}
	p, err := s.project(ctx, r.ExperimentID)
	if err != nil {
		return nil, err
	}
	if !p.Deleted.IsZero() {
		return nil, notActive("experiment", r.ExperimentID)
	}
	started := timeOf(r.StartTime, s.clock())
	id, err := tracker.NewID(started, s.entropy)
	if err != nil {
		return nil, err
	}
	run := &tracker.Run{ID: id, Project: p.Name, Status: tracker.Running, Started: started, Session: 1}
	if r.UserID != "" {
		setTag(run, pair{tagUser, r.UserID})
	}
	for i, tag := range r.Tags {
		if r.Tags[i], err = checkTag(tag); err != nil {
			return nil, err
		}
		setTag(run, r.Tags[i])
	}
	if r.RunName != "" {
		run.Name = r.RunName
	}
	if run.Name == "" {
		run.Name = "run-" + id[len(id)-6:]
	}
	if err := s.store.CreateRun(ctx, run); err != nil {
		return nil, err
	}
	return s.getRun(ctx, runRequest{RunID: id})
}

// runRequest names a run; old clients call it run_uuid.
type runRequest struct {
	RunID   string `json:"run_id"`
	RunUUID string `json:"run_uuid"`
}

// id returns the run's ID in the form that stores use.
func (r runRequest) id() (string, error) {
	if r.RunID == "" {
		r.RunID = r.RunUUID
	}
	if err := required("run_id", r.RunID); err != nil {
		return "", err
	}
	id, err := tracker.ParseID(r.RunID)
	if err != nil {
		return "", noRun(r.RunID)
	}
	return id, nil
}

func noRun(id string) error { return missing("Run with id=%s not found", id) }

// run returns the run that a request names.
func (s *server) run(ctx context.Context, r runRequest) (*tracker.Run, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	run, err := s.store.Run(ctx, id)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, noRun(id)
	}
	return run, err
}

// update changes the run that a request names, unless it is in the bin.
func (s *server) update(ctx context.Context, r runRequest, change func(*tracker.Run) error) (*tracker.Run, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	run, err := s.store.UpdateRun(ctx, id, func(run *tracker.Run) error {
		if !run.Deleted.IsZero() {
			return notActive("run", id)
		}
		return change(run)
	})
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, noRun(id)
	}
	return run, err
}

func (s *server) getRun(ctx context.Context, r runRequest) (any, error) {
	run, err := s.run(ctx, r)
	if err != nil {
		return nil, err
	}
	message, err := s.message(ctx, run)
	return map[string]any{"run": message}, err
}

type updateRunRequest struct {
	runRequest
	Status  statusName `json:"status"`
	EndTime integer    `json:"end_time"`
	RunName *string    `json:"run_name"`
}

func (s *server) updateRun(ctx context.Context, r updateRunRequest) (any, error) {
	run, err := s.update(ctx, r.runRequest, func(run *tracker.Run) error {
		if r.RunName != nil && *r.RunName != "" {
			run.Name = *r.RunName
		}
		if r.EndTime != 0 {
			run.Ended = timeOf(r.EndTime, time.Time{})
		}
		if r.Status == "" {
			return nil
		}
		status, err := parseStatus(string(r.Status))
		if err != nil {
			return err
		}
		switch run.Status = status; {
		case status == tracker.Running:
			run.Ended = time.Time{}
		case r.EndTime == 0:
			run.Ended = s.clock()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	p, err := s.projectOf(ctx, run)
	return map[string]any{"run_info": info(run, p)}, err
}

func (s *server) deleteRun(ctx context.Context, r runRequest) (any, error) {
	_, err := s.update(ctx, r, func(run *tracker.Run) error {
		run.Deleted = s.clock()
		return nil
	})
	return none{}, err
}

func (s *server) restoreRun(ctx context.Context, r runRequest) (any, error) {
	run, err := s.run(ctx, r)
	if err != nil {
		return nil, err
	}
	_, err = s.store.UpdateRun(ctx, run.ID, func(run *tracker.Run) error {
		run.Deleted = time.Time{}
		return nil
	})
	return none{}, err
}

type tagRequest struct {
	runRequest
	pair
}

func (s *server) setTag(ctx context.Context, r tagRequest) (any, error) {
	tag, err := checkTag(r.pair)
	if err != nil {
		return nil, err
	}
	_, err = s.update(ctx, r.runRequest, func(run *tracker.Run) error {
		setTag(run, tag)
		return nil
	})
	return none{}, err
}

func (s *server) deleteTag(ctx context.Context, r tagRequest) (any, error) {
	if err := required("key", r.Key); err != nil {
		return nil, err
	}
	_, err := s.update(ctx, r.runRequest, func(run *tracker.Run) error {
		if _, ok := tagsOf(run)[r.Key]; !ok {
			return missing("No tag with name: %s in run with id %s", r.Key, run.ID)
		}
		if _, ok := run.Tags[r.Key]; ok {
			delete(run.Tags, r.Key)
		} else {
			setTag(run, pair{r.Key, ""}) // it is a field of the run
		}
		return nil
	})
	return none{}, err
}

// statusName is a status by its name or, as some clients have it, by its number.
type statusName string

// UnmarshalJSON reads either.
func (n *statusName) UnmarshalJSON(text []byte) error {
	*n = statusName(strings.Trim(string(text), `"`))
	if *n == "null" {
		*n = ""
	}
	return nil
}
