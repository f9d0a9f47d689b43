package page

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"time"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/pairs"
	"paperlab/lib/search"
)

// Searcher answers questions about an index over HTTP. It may be used by many requests at once.
type Searcher struct {
	name  string
	index *search.Index
	query Embed
	paper Embed
	mux   *http.ServeMux
	slots chan struct{} // what is computed at once: more would make each wait for all
	ended sync.Once
}

// Embed returns the vector of a text, by the model that built the index. It must be safe for concurrent use.
type Embed func(ctx context.Context, text string) ([]float32, error)

// New returns a searcher of an index, which readers know by its name. What is asked is embedded by query, a paper that others shall be
// like by paper, as the index has it; they differ for models with prompts. Index and model must outlive [Searcher.Close].
func New(name string, index *search.Index, query, paper Embed) *Searcher {
	s := &Searcher{name: name, index: index, query: query, paper: paper, mux: http.NewServeMux(), slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
	s.mux.HandleFunc("GET /api/search", s.search)
	s.mux.HandleFunc("GET /api/info", s.info)
	s.mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, &refusal{http.StatusNotFound, "", "there is no " + r.Method + " " + r.URL.Path})
	})
	addFiles(s.mux)
	return s
}

// ServeHTTP answers a request.
func (s *Searcher) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Warm does what the first question of each kind would wait for: it indexes the words, and embeds a text.
func (s *Searcher) Warm(ctx context.Context) error {
	_, err := s.find(ctx, question{text: "warm", by: byBoth, query: search.Query{K: 1}})
	return err
}

// Close waits for the questions that are being answered; those that come later wait until they are given up. It may be called
// again.
func (s *Searcher) Close() {
	s.ended.Do(func() {
		for range cap(s.slots) {
			s.slots <- struct{}{}
		}
	})
}

// answer is the JSON of what was found.
type answer struct {
	Query        string      `json:"query"`
	Like         *paper      `json:"like,omitempty"`
	By           string      `json:"by"`
	Hits         search.Hits `json:"hits"`
	Milliseconds float64     `json:"milliseconds"`
}

// paper is what names the paper that others shall be like.
type paper struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func (s *Searcher) search(w http.ResponseWriter, r *http.Request) {
	begin := time.Now()
	q, err := readQuestion(r.URL.Query())
	if err != nil {
		refuse(w, err)
		return
	}
	a := answer{Query: q.text, By: q.by, Hits: search.Hits{}}
	if q.like != "" {
		p, ok := s.index.Paper(q.like)
		if !ok {
			refuse(w, &refusal{http.StatusNotFound, "like", fmt.Sprintf("the index has no paper with the ID %.100q", q.like)})
			return
		}
		a.Like = &paper{p.ID, p.Title}
		q.text, q.query.Without = likeness(p), p.ID
	}
	hits, err := s.find(r.Context(), q)
	if r.Context().Err() != nil {
		return // nobody waits for it any more
	}
	if err != nil {
		refuse(w, err)
		return
	}
	a.Hits = append(a.Hits, hits...)
	a.Milliseconds = float64(time.Since(begin).Microseconds()) / 1000
	write(w, http.StatusOK, a)
}

// find answers a question when its turn comes.
func (s *Searcher) find(ctx context.Context, q question) (search.Hits, error) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if q.by != byMeaning {
		q.query.Words = q.text
	}
	if q.by != byWords {
		embed := s.query
		if q.like != "" {
			embed = s.paper
		}
		vector, err := embed(ctx, q.text)
		if err != nil {
			return nil, err
		}
		q.query.Vector = vector
	}
	return s.index.Find(ctx, q.query)
}

// likeness is what of a paper others are compared with: what the index embedded of it.
func likeness(p search.Paper) string {
	return pairs.Text(pairs.CleanAll([]corpus.Paper{{Title: p.Title, Abstract: p.Abstract}})[0])
}

// info tells which index is asked.
func (s *Searcher) info(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, struct {
		File       string `json:"file"`
		Papers     int    `json:"papers"`
		Dimensions int    `json:"dimensions"`
		Model      string `json:"model"`
	}{s.name, s.index.Len(), s.index.Dim(), s.index.Model()})
}
