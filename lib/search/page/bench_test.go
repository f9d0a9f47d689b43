package page_test

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"paperlab/lib/corpus"
	"paperlab/lib/search"
	"paperlab/lib/search/page"
	"paperlab/lib/sentence"
	"paperlab/lib/tensor"
)

// BenchmarkSearch measures what a visitor waits for over 20,000 papers, HTTP and the query's encoding by MiniLM included. The papers are
// arXiv's, over again where there are too few; their vectors are random, which costs an exact search the same. The
// queries are titles.
func BenchmarkSearch(b *testing.B) {
	model, err := filepath.EvalSymlinks("../../../.build/all-MiniLM-L6-v2")
	if err != nil {
		b.Skip("NOTHING WAS MEASURED without MiniLM, which make setup brings: ", err)
	}
	papers := realPapers(b, 20_000)
	m, err := sentence.Load(model, tensor.CPU)
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	random := rand.New(rand.NewPCG(1, 2))
	vectors := make([]float32, len(papers)*m.Dim())
	for i := range vectors {
		vectors[i] = float32(random.NormFloat64())
	}
	index, err := search.NewIndex(b.Context(), search.Model{Name: "MiniLM"}, vectors, papers)
	if err != nil {
		b.Fatal(err)
	}
	defer index.Close()
	s := page.New("papers.faiss", index, m.Embed, m.Embed)
	defer s.Close()
	if err := s.Warm(b.Context()); err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(s)
	defer server.Close()
	for _, by := range []string{"meaning", "words", "both"} {
		b.Run(by, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				title := papers[random.IntN(len(papers))].Title
				begin := time.Now()
				get(b, server.URL+"/api/search?"+url.Values{"q": {title}, "by": {by}}.Encode())
				took = append(took, time.Since(begin))
			}
			slices.Sort(took)
			for name, share := range map[string]float64{"p50-ms": 0.5, "p99-ms": 0.99} {
				b.ReportMetric(took[int(share*float64(len(took)-1))].Seconds()*1000, name)
			}
		})
	}
}

// get asks an address and reads its answer.
func get(b *testing.B, address string) {
	b.Helper()
	response, err := http.Get(address)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		b.Fatal(response.Status)
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		b.Fatal(err)
	}
}

// realPapers returns n papers of arXiv's.
func realPapers(b *testing.B, n int) (papers []corpus.Paper) {
	b.Helper()
	data := os.Getenv("PAPERLAB_DATA")
	files, err := filepath.Glob(filepath.Join(data, "arxiv-*", "*.jsonl"))
	if data == "" || err != nil || len(files) == 0 {
		b.Skip("NOTHING WAS MEASURED without arXiv's papers below $PAPERLAB_DATA")
	}
	for _, file := range files {
		for paper, err := range corpus.Open(b.Context(), file) {
			if err != nil {
				b.Fatal(err)
			}
			if paper.Title != "" && paper.Abstract != "" {
				papers = append(papers, paper)
			}
		}
	}
	b.Logf("%d papers", len(papers))
	for i := 0; len(papers) < n; i++ {
		papers = append(papers, papers[i])
	}
	return papers[:n]
}
