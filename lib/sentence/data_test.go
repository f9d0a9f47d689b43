package sentence_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"paperlab/lib/sentence"
)

// dataFile opens a file of the folder with real data.
func dataFile(t testing.TB, name string) *os.File {
	t.Helper()
	root := os.Getenv("PAPERLAB_DATA")
	if root == "" {
		t.Skip("SKIPPED: set PAPERLAB_DATA to the data folder to embed real texts")
	}
	f, err := os.Open(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func readJSON(t testing.TB, name string, v any) {
	t.Helper()
	if err := json.NewDecoder(dataFile(t, name)).Decode(v); err != nil {
		t.Fatal(err)
	}
}

func TestEmbeddingsHaveThePublishedNumbers(t *testing.T) {
	var want struct {
		FastEmbed struct {
			Text   string
			First5 []float64
			Atol   float64
		}
		Sums struct {
			Texts []string
			Sum   []float64 `json:"sum_of_384_components"`
			Eps   float64
		} `json:"fastembed_rs_sums"`
	}
	readJSON(t, "golden-embeddings/expected-minilm-l6.json", &want)
	m := minilm(t)
	close := func(what string, got, want, tolerance float64) {
		if math.Abs(got-want) > tolerance {
			t.Errorf("%s: %v, published as %v", what, got, want)
		}
	}
	vector := encode(t, m, []string{want.FastEmbed.Text}, sentence.Options{})
	for i, v := range want.FastEmbed.First5 {
		close(want.FastEmbed.Text, float64(vector[i]), v, want.FastEmbed.Atol)
	}
	vectors := encode(t, m, want.Sums.Texts, sentence.Options{})
	for i, text := range want.Sums.Texts {
		var sum float64
		for _, v := range vectors[i*384 : (i+1)*384] {
			sum += float64(v)
		}
		close(text, sum, want.Sums.Sum[i], want.Sums.Eps)
	}
}

func TestALongerTextHasThePublishedNumbers(t *testing.T) {
	var published struct {
		Text struct {
			MaxLength int       `json:"max_length"`
			First10   []float64 `json:"first10"`
		} `json:"fastembed_rs_first10"`
	}
	readJSON(t, "golden-embeddings/expected-minilm-l6.json", &published)
	text, err := io.ReadAll(dataFile(t, "golden-embeddings/fastembed-rs-sample-text.txt"))
	if err != nil {
		t.Fatal(err)
	}
	m := minilmOf(t, published.Text.MaxLength)
	if m.MaxLength() != published.Text.MaxLength {
		t.Fatalf("%d tokens at most", m.MaxLength())
	}
	vector := encode(t, m, []string{string(text)}, sentence.Options{})
	for i, want := range published.Text.First10 {
		if math.Abs(float64(vector[i])-want) > 1e-6 {
			t.Errorf("component %d is %v, published as %v", i, vector[i], want)
		}
	}
}

func TestEmbeddingsHaveThePublishedDirections(t *testing.T) {
	var published struct {
		Texts struct {
			Test1      []string `json:"test1output"`
			Test2      []string `json:"test2output"`
			Normalized []string `json:"normalizedOutput"`
		} `json:"hugot_vectors"`
	}
	var vectors struct{ Test1output, Test2output, NormalizedOutput [][]float32 }
	readJSON(t, "golden-embeddings/expected-minilm-l6.json", &published)
	readJSON(t, "golden-embeddings/hugot-vectors.json", &vectors)
	m := minilm(t)
	for _, c := range []struct {
		texts   []string
		vectors [][]float32
	}{
		{published.Texts.Test1, vectors.Test1output},
		{published.Texts.Test2, vectors.Test2output},
		{published.Texts.Normalized, vectors.NormalizedOutput[:1]}, // the text of the other is not known
	} {
		sameDirections(t, encode(t, m, c.texts, sentence.Options{}), slices.Concat(c.vectors...), 384)
	}
}

func TestMiniLMRanksTheSTSBenchmarkAsPublished(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: embeds 2,758 sentences")
	}
	var published struct {
		Test struct {
			Cosine struct{ Pearson, Spearman float64 } `json:"cos_sim"`
		}
	}
	readJSON(t, "golden-embeddings/bertcpp-minilm-l6-stsb-sbert.json", &published)
	rows, err := csv.NewReader(dataFile(t, "stsb-en/stsb-en-test.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	var scores []float64
	for _, row := range rows {
		score, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		texts, scores = append(texts, row[0], row[1]), append(scores, score)
	}
	vectors := encode(t, minilm(t), texts, sentence.Options{})
	cosines := make([]float64, len(scores))
	for i := range cosines {
		pair := vectors[2*i*384 : 2*(i+1)*384]
		cosines[i] = sentence.Cosine(pair[:384], pair[384:])
	}
	if got, want := correlation(cosines, scores), published.Test.Cosine.Pearson; math.Abs(got-want) > 1e-4 {
		t.Errorf("Pearson's correlation %v, published as %v", got, want)
	}
	if got, want := correlation(ranks(cosines), ranks(scores)), published.Test.Cosine.Spearman; math.Abs(got-want) > 1e-4 {
		t.Errorf("Spearman's correlation %v, published as %v", got, want)
	}
}

// correlation is Pearson's.
func correlation(x, y []float64) float64 {
	var mx, my, xy, xx, yy float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(y))
	}
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}

// ranks gives each value its place in order, equal ones the mean of theirs.
func ranks(x []float64) []float64 {
	sorted := slices.Sorted(slices.Values(x))
	places := make([]float64, len(x))
	for i, v := range x {
		first, _ := slices.BinarySearch(sorted, v)
		last, _ := slices.BinarySearch(sorted, math.Nextafter(v, math.Inf(1)))
		places[i] = float64(first+last-1) / 2
	}
	return places
}

// abstracts returns the first n titles and abstracts of real papers, joined.
func abstracts(t testing.TB, n int) []string {
	t.Helper()
	lines := bufio.NewScanner(dataFile(t, "arxiv-titles-abstracts/yann21-10-categories.jsonl"))
	var texts []string
	for len(texts) < n && lines.Scan() {
		var paper struct{ Title, Abstract string }
		if err := json.Unmarshal(lines.Bytes(), &paper); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, paper.Title+" "+paper.Abstract)
	}
	if len(texts) < n || lines.Err() != nil {
		t.Fatalf("%d papers (%v)", len(texts), lines.Err())
	}
	return texts
}
