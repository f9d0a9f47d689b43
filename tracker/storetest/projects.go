package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"paperlab/tracker"
)

func testProjects(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Run("a run makes the project that it names", func(t *testing.T) {
		store := open(t)
		if projects, err := store.Projects(t.Context()); err != nil || len(projects) != 0 {
			t.Fatalf("a new store: got %v, %v", projects, err)
		}
		for _, name := range []string{"b", "a", "b"} {
			run := NewRun(t, name)
			run.Project = name
			if err := store.CreateRun(t.Context(), run); err != nil {
				t.Fatal(err)
			}
		}
		projects, err := store.Projects(t.Context())
		if err != nil || len(projects) != 2 || projects[0].Name != "b" || projects[1].Name != "a" || projects[0].ID >= projects[1].ID {
			t.Fatalf("got %v, %v", projects, err)
		}
		if p := projects[0]; !p.Created.Equal(began.Truncate(time.Millisecond)) || !p.Deleted.IsZero() || p.Tags == nil {
			t.Errorf("got %+v", p)
		}
	})

	t.Run("a project is made and changed", func(t *testing.T) {
		store := open(t)
		made, err := store.UpdateProject(t.Context(), "papers", func(p *tracker.Project) error {
			if p.ID != 0 || p.Name != "papers" {
				t.Errorf("a new one: got %+v", p)
			}
			p.ID, p.Created, p.Tags["owner"] = 41, began, "me"
			return nil
		})
		want := tracker.Project{
			ID: 41, Name: "papers", Created: began.Truncate(time.Millisecond), Tags: map[string]string{"owner": "me"},
		}
		if err != nil || !reflect.DeepEqual(made, want) {
			t.Fatalf("got %+v, %v; want %+v", made, err, want)
		}
		want.Deleted, want.Tags = began.Add(time.Hour).Truncate(time.Millisecond), map[string]string{}
		changed, err := store.UpdateProject(t.Context(), "papers", func(p *tracker.Project) error {
			p.Deleted, p.Tags = began.Add(time.Hour), nil
			return nil
		})
		if err != nil || !reflect.DeepEqual(changed, want) {
			t.Errorf("got %+v, %v; want %+v", changed, err, want)
		}
		next, err := store.UpdateProject(t.Context(), "next", func(*tracker.Project) error { return nil })
		if err != nil || next.ID <= 41 || next.Created.IsZero() {
			t.Errorf("got %+v, %v", next, err)
		}
		if got, err := store.Projects(t.Context()); err != nil || !reflect.DeepEqual(got, []tracker.Project{want, next}) {
			t.Errorf("got %+v, %v", got, err)
		}
	})

	t.Run("renamed, it takes its runs along", func(t *testing.T) {
		store := open(t)
		run := NewRun(t, "moved")
		run.Project = "before"
		other := Create(t, store, "other")
		if err := store.CreateRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		if _, err := store.UpdateProject(t.Context(), "before", func(p *tracker.Project) error { p.Name = "after"; return nil }); err != nil {
			t.Fatal(err)
		}
		runs, err := store.Runs(t.Context(), tracker.RunFilter{Project: "after"})
		if err != nil || len(runs) != 1 || runs[0].ID != run.ID {
			t.Errorf("got %v, %v", runs, err)
		}
		if got, err := store.Run(t.Context(), other.ID); err != nil || got.Project != "default" {
			t.Errorf("got %+v, %v", got, err)
		}
		if found, err := store.Search(t.Context(), "after"); err != nil || len(found) != 1 {
			t.Errorf("got %v, %v", found, err)
		}
		if _, err := store.UpdateProject(t.Context(), "after", func(p *tracker.Project) error { p.Name = "default"; return nil }); !errors.Is(err, tracker.ErrExists) {
			t.Errorf("a name that is taken: got %v", err)
		}
	})

	t.Run("a failed update leaves it as it was", func(t *testing.T) {
		store := open(t)
		refused := errors.New("refused")
		made, err := store.UpdateProject(t.Context(), "kept", func(p *tracker.Project) error { p.Tags["a"] = "b"; return nil })
		if err != nil {
			t.Fatal(err)
		}
		for name, change := range map[string]func(*tracker.Project) error{
			"error": func(p *tracker.Project) error { p.Name, p.Tags["a"] = "other", "c"; return refused },
			"tag":   func(p *tracker.Project) error { p.Name, p.Tags["a\n"] = "other", "c"; return nil },
			"ID":    func(p *tracker.Project) error { p.Name, p.ID = "other", p.ID+1; return nil },
		} {
			if _, err := store.UpdateProject(t.Context(), "kept", change); !errors.Is(err, refused) && !errors.Is(err, tracker.ErrInvalid) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		if _, err := store.UpdateProject(t.Context(), "never", func(*tracker.Project) error { return refused }); !errors.Is(err, refused) {
			t.Errorf("got %v", err)
		}
		if _, err := store.UpdateProject(t.Context(), "never", func(p *tracker.Project) error { p.ID = made.ID; return nil }); !errors.Is(err, tracker.ErrExists) {
			t.Errorf("an ID that is taken: got %v", err)
		}
		if got, err := store.Projects(t.Context()); err != nil || !reflect.DeepEqual(got, []tracker.Project{made}) {
			t.Errorf("got %+v, %v; want %+v", got, err, made)
		}
	})
}
