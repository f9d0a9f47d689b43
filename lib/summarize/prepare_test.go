package summarize_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"paperlab/lib/corpus"
	"paperlab/lib/summarize"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// stream yields papers, then an error if it is not nil.
func stream(papers []corpus.Paper, err error) iter.Seq2[corpus.Paper, error] {
	return func(yield func(corpus.Paper, error) bool) {
		for _, p := range papers {
			if !yield(p, nil) {
				return
			}
		}
		if err != nil {
			yield(corpus.Paper{}, err)
		}
	}
}

func prepared(t *testing.T, p summarize.Preparer, n int) *t5.Examples {
	t.Helper()
	e, err := p.Examples(t.Context(), stream(papers(n), nil))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestExamplesAreTheSameHoweverTheyArePrepared(t *testing.T) {
	m, cache := small(t), t.TempDir()
	const n = 200
	want := examples(t, m, n)
	for name, p := range map[string]summarize.Preparer{
		"one worker":        {Model: m, How: how, Workers: 1},
		"many":              {Model: m, How: how, Workers: 9},
		"into the cache":    {Model: m, How: how, Cache: cache},
		"out of it or into": {Model: m, How: how, Cache: cache, Workers: 3},
	} {
		var done atomic.Int64
		p.Progress = func(more int) { done.Add(int64(more)) }
		if got := prepared(t, p, n); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: other examples", name)
		}
		if done.Load() != n {
			t.Errorf("%s: told of %d papers", name, done.Load())
		}
	}
}

func TestTheCacheGoesByContentAndSettings(t *testing.T) {
	m, cache := small(t), t.TempDir()
	p := summarize.Preparer{Model: m, How: how, Cache: cache}
	want := prepared(t, p, 70)
	files := func() []string {
		all, err := filepath.Glob(filepath.Join(cache, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if n := len(files()); n != 2 {
		t.Fatalf("%d files for 70 papers, want 2", n)
	}
	prepared(t, p, 70)
	if n := len(files()); n != 2 {
		t.Errorf("%d files after the same again", n)
	}
	other := p
	other.How.MaxInput = 9
	if prepared(t, other, 70); len(files()) != 4 {
		t.Errorf("%d files after other settings, want 4", len(files()))
	}
	// What is in a file is taken for true only if it is whole.
	for _, file := range files() {
		if err := os.WriteFile(file, []byte("nonsense"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := prepared(t, p, 70); !reflect.DeepEqual(got, want) {
		t.Error("a damaged cache changed the examples")
	}
	if got := prepared(t, p, 70); !reflect.DeepEqual(got, want) {
		t.Error("the mended cache changed the examples")
	}
}

func TestOneCacheServesSeveralAtOnce(t *testing.T) {
	m, cache := small(t), t.TempDir()
	want := examples(t, m, 150)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			got, err := summarize.Preparer{Model: m, How: how, Cache: cache}.Examples(context.Background(), stream(papers(150), nil))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("other examples, %v", err)
			}
		})
	}
	all.Wait()
}

func TestPreparingEndsWithTheFirstError(t *testing.T) {
	p := summarize.Preparer{Model: small(t), How: how}
	broken := errors.New("line 3 is broken")
	if _, err := p.Examples(t.Context(), stream(papers(200), broken)); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if _, err := p.Examples(t.Context(), stream(nil, nil)); err == nil {
		t.Error("no papers were prepared")
	}
	ctx, cancel := context.WithCancel(t.Context())
	p.Progress = func(int) { cancel() }
	if _, err := p.Examples(ctx, stream(papers(2000), nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	p.Cache = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(p.Cache, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Examples(t.Context(), stream(papers(2), nil)); err == nil || !strings.Contains(err.Error(), "cache") {
		t.Errorf("a file in the cache's place: %v", err)
	}
}

func TestAnArticleOfTenMegabytesIsAnExampleLikeOthers(t *testing.T) {
	m := small(t)
	long := papers(1)
	long[0].Article = strings.Repeat("Light bends near the sun. ", 10<<20/26)
	e, err := summarize.Preparer{Model: m, How: how}.Examples(t.Context(), stream(long, nil))
	if err != nil || e.Length(0) != how.MaxInput {
		t.Fatalf("%v", err)
	}
	if _, err := m.Summarize(t.Context(), how.Prefix+long[0].Article, 64, short); err != nil {
		t.Error(err)
	}
}

func TestAnArticleThatIsNotCutNeedsMoreMemoryThanThereIs(t *testing.T) {
	m, all := small(t), papers(4)
	all[2].Article = strings.Repeat("light bends near the sun ", 400_000)
	long := t5.Preparation{Prefix: how.Prefix, MaxTarget: how.MaxTarget}
	e, err := m.Examples(t.Context(), all, long)
	if err != nil {
		t.Fatal(err)
	}
	var finished error
	_, err = m.Train(t.Context(), e, nil, train.Config{BatchSize: 4, MaxSteps: 1, LearningRate: 1e-3}, func(_ context.Context, e train.Event) error {
		if e, ok := e.(train.Finished); ok {
			finished = e.Err
		}
		return nil
	})
	if !errors.Is(err, tensor.ErrNoMemory) || !errors.Is(finished, tensor.ErrNoMemory) {
		t.Errorf("error %v, the hook was told %v", err, finished)
	}
}
