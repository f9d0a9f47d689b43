package mlflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"paperlab/tracker"
)

// MLflow's first experiment, where runs go that name none, and the project that stands for it.
const (
	defaultID      = "0"
	defaultName    = "Default"
	defaultProject = "default"
)

// tagLocation keeps where a client wants an experiment's artifacts, if not with us.
const tagLocation = "mlflow.artifactLocation"

// maxName is the length of the longest name of an experiment.
const maxName = 500

func experimentID(p tracker.Project) string {
	if p.Name == defaultProject {
		return defaultID
	}
	return strconv.FormatInt(p.ID, 10)
}

func experimentName(p tracker.Project) string {
	if p.Name == defaultProject {
		return defaultName
	}
	return p.Name
}

func projectName(experiment string) string {
	if experiment == defaultName {
		return defaultProject
	}
	return experiment
}

func location(p tracker.Project) string {
	if where := p.Tags[tagLocation]; where != "" {
		return where
	}
	return "mlflow-artifacts:/" + experimentID(p)
}

func stage(deleted time.Time) string {
	if deleted.IsZero() {
		return "active"
	}
	return "deleted"
}

func newExperiment(p tracker.Project) experiment {
	e := experiment{
		ID: experimentID(p), Name: experimentName(p), ArtifactLocation: location(p), LifecycleStage: stage(p.Deleted),
		CreationTime: millis(p.Created), LastUpdateTime: max(millis(p.Created), millis(p.Deleted)), Tags: []pair{},
	}
	for key, value := range p.Tags {
		if key != tagLocation {
			e.Tags = append(e.Tags, pair{key, value})
		}
	}
	slices.SortFunc(e.Tags, func(a, b pair) int { return cmp.Compare(a.Key, b.Key) })
	return e
}

// projects returns all projects; the default one is there even before it has a run.
func (s *server) projects(ctx context.Context) ([]tracker.Project, error) {
	all, err := s.store.Projects(ctx)
	if err != nil || slices.ContainsFunc(all, func(p tracker.Project) bool { return p.Name == defaultProject }) {
		return all, err
	}
	first, err := s.store.UpdateProject(ctx, defaultProject, func(p *tracker.Project) error {
		if p.Created.IsZero() {
			p.Created = s.clock()
		}
		return nil
	})
	return append(all, first), err
}

// project returns the one that stands for an experiment.
func (s *server) project(ctx context.Context, id string) (tracker.Project, error) {
	if _, err := strconv.ParseInt(id, 10, 64); err != nil {
		return tracker.Project{}, invalid("Invalid experiment ID '%s'. Experiment ID must be a valid integer.", id)
	}
	all, err := s.projects(ctx)
	if err != nil {
		return tracker.Project{}, err
	}
	i := slices.IndexFunc(all, func(p tracker.Project) bool { return experimentID(p) == id })
	if i < 0 {
		return tracker.Project{}, missing("No Experiment with id=%s exists", id)
	}
	return all[i], nil
}

// change alters the project that stands for an experiment.
func (s *server) change(ctx context.Context, id string, change func(*tracker.Project) error) (any, error) {
	if err := required("experiment_id", id); err != nil {
		return nil, err
	}
	p, err := s.project(ctx, id)
	if err != nil {
		return nil, err
	}
	_, err = s.store.UpdateProject(ctx, p.Name, change)
	return none{}, err
}

type createExperimentRequest struct {
	Name             string `json:"name"`
	ArtifactLocation string `json:"artifact_location"`
	Tags             []pair `json:"tags"`
}

func (s *server) createExperiment(ctx context.Context, r createExperimentRequest) (any, error) {
	if err := errors.Join(required("name", r.Name), checkLength("name", r.Name, maxName)); err != nil {
		return nil, err
	}
	p, err := s.store.UpdateProject(ctx, projectName(r.Name), func(p *tracker.Project) error {
		if p.ID != 0 {
			state := ""
			if !p.Deleted.IsZero() {
				state = " in deleted state. You can restore the experiment, or permanently delete the experiment to create a new one"
			}
			return &apiError{"RESOURCE_ALREADY_EXISTS", fmt.Sprintf("Experiment(name=%s) already exists%s.", r.Name, state)}
		}
		p.Created, p.Tags = s.clock(), map[string]string{}
		for _, tag := range r.Tags {
			p.Tags[tag.Key] = tag.Value
		}
		if r.ArtifactLocation != "" {
			p.Tags[tagLocation] = r.ArtifactLocation
		}
		return nil
	})
	return map[string]string{"experiment_id": experimentID(p)}, err
}

type experimentRequest struct {
	ID   string `json:"experiment_id"`
	Name string `json:"experiment_name"`
}

func (s *server) getExperiment(ctx context.Context, r experimentRequest) (any, error) {
	if err := required("experiment_id", r.ID); err != nil {
		return nil, err
	}
	p, err := s.project(ctx, r.ID)
	return map[string]any{"experiment": newExperiment(p)}, err
}

func (s *server) getExperimentByName(ctx context.Context, r experimentRequest) (any, error) {
	if err := required("experiment_name", r.Name); err != nil {
		return nil, err
	}
	all, err := s.projects(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if experimentName(p) == r.Name {
			return map[string]any{"experiment": newExperiment(p)}, nil
		}
	}
	return nil, missing("Could not find experiment with name '%s'", r.Name)
}

type updateExperimentRequest struct {
	ID   string `json:"experiment_id"`
	Name string `json:"new_name"`
}

func (s *server) updateExperiment(ctx context.Context, r updateExperimentRequest) (any, error) {
	if err := errors.Join(required("new_name", r.Name), checkLength("new_name", r.Name, maxName)); err != nil {
		return nil, err
	}
	answer, err := s.change(ctx, r.ID, func(p *tracker.Project) error {
		if p.Name == defaultProject {
			return invalid("The experiment Default cannot be renamed: runs that name no experiment go there")
		}
		if !p.Deleted.IsZero() {
			return notActive("experiment", r.ID)
		}
		p.Name = projectName(r.Name)
		return nil
	})
	if errors.Is(err, tracker.ErrExists) {
		err = &apiError{"RESOURCE_ALREADY_EXISTS", fmt.Sprintf("Experiment(name=%s) already exists.", r.Name)}
	}
	return answer, err
}

func notActive(kind, id string) error {
	return invalid("The %s %s must be in the 'active' state. Current state is deleted.", kind, id)
}

// deleteExperiment puts the experiment into the bin, and its runs with it.
func (s *server) deleteExperiment(ctx context.Context, r experimentRequest) (any, error) {
	now := s.clock().Truncate(time.Millisecond).UTC()
	answer, err := s.change(ctx, r.ID, func(p *tracker.Project) error {
		if !p.Deleted.IsZero() {
			return notActive("experiment", r.ID)
		}
		p.Deleted = now
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, s.moveRuns(ctx, r.ID, time.Time{}, now)
}

// restoreExperiment takes the experiment out of the bin, and the runs that went there with it.
func (s *server) restoreExperiment(ctx context.Context, r experimentRequest) (any, error) {
	var since time.Time
	answer, err := s.change(ctx, r.ID, func(p *tracker.Project) error {
		if p.Deleted.IsZero() {
			return invalid("The experiment %s must be in the 'deleted' state. Current state is active.", r.ID)
		}
		since, p.Deleted = p.Deleted, time.Time{}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, s.moveRuns(ctx, r.ID, since, time.Time{})
}

// moveRuns changes when the experiment's runs were put into the bin, of those that were from.
func (s *server) moveRuns(ctx context.Context, id string, from, to time.Time) error {
	p, err := s.project(ctx, id)
	if err != nil {
		return err
	}
	all, err := s.store.Runs(ctx, tracker.RunFilter{Project: p.Name, Deleted: !from.IsZero()})
	if err != nil {
		return err
	}
	for _, run := range all {
		_, err := s.store.UpdateRun(ctx, run.ID, func(run *tracker.Run) error {
			if run.Deleted.Equal(from) {
				run.Deleted = to
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type experimentTagRequest struct {
	ID    string `json:"experiment_id"`
	Key   string `json:"key"`
	Value string `json:"value"`
}

func (s *server) setExperimentTag(ctx context.Context, r experimentTagRequest) (any, error) {
	err := errors.Join(required("key", r.Key), checkLength("key", r.Key, maxKey), checkLength("value", r.Value, 20_000))
	if err != nil {
		return nil, err
	}
	return s.change(ctx, r.ID, func(p *tracker.Project) error {
		if !p.Deleted.IsZero() {
			return notActive("experiment", r.ID)
		}
		if p.Tags == nil {
			p.Tags = map[string]string{}
		}
		p.Tags[r.Key] = r.Value
		return nil
	})
}

func (s *server) deleteExperimentTag(ctx context.Context, r experimentTagRequest) (any, error) {
	return s.change(ctx, r.ID, func(p *tracker.Project) error {
		if _, ok := p.Tags[r.Key]; !ok {
			return missing("No tag with name: %s in experiment with id %s", r.Key, r.ID)
		}
		delete(p.Tags, r.Key)
		return nil
	})
}
