package evaluate_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"paperlab/lib/sentence/evaluate"
)

// golden is what Sentence-Transformers makes of random vectors (testdata/make_golden.py).
type golden struct {
	Vectors    [][]float64        `json:"vectors"` // as the peer rounded them to float32
	Relevant   [][]int            `json:"relevant"`
	Measures   map[string]float64 `json:"measures"`
	CSV        struct{ Name, Content string }
	Scores     []float64          `json:"scores"`
	Similarity map[string]float64 `json:"similarity"`
	Triplets   float64            `json:"triplets"`
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	data, err := os.ReadFile("testdata/golden.json")
	if err == nil {
		err = json.Unmarshal(data, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (g golden) vectors(from, to int) (flat []float32) {
	for _, vector := range g.Vectors[from:to] {
		for _, v := range vector {
			flat = append(flat, float32(v))
		}
	}
	return flat
}

func (g golden) measure(t *testing.T) evaluate.Measures {
	t.Helper()
	test := evaluate.Retrieval{Queries: make([]string, 25), Documents: make([]string, 150)}
	for _, documents := range g.Relevant {
		relevant := map[int]bool{}
		for _, d := range documents {
			relevant[d] = true
		}
		test.Relevant = append(test.Relevant, relevant)
	}
	measures, err := test.MeasureVectors(t.Context(), g.vectors(0, 25), g.vectors(25, 175))
	if err != nil {
		t.Fatal(err)
	}
	return measures
}

func TestRetrievalMeasuresEqualThePeers(t *testing.T) {
	g := readGolden(t)
	got := g.measure(t)
	names, values := evaluate.AllNames(), got.All()
	if len(names) != len(g.Measures) {
		t.Errorf("%d measures, the peer has %d", len(names), len(g.Measures))
	}
	for i, name := range names {
		if want, ok := g.Measures[name]; !ok || math.Abs(values[i]-want) > 1e-12 {
			t.Errorf("%s is %v, the peer has %v", name, values[i], want)
		}
	}
}

func TestTheCSVFileIsThePeers(t *testing.T) {
	g, folder := readGolden(t), t.TempDir()
	for range 2 { // the second adds a line
		path, err := g.measure(t).AppendCSV(folder, "golden", 2, 40)
		if err != nil || filepath.Base(path) != g.CSV.Name {
			t.Fatalf("%s, %v; the peer has %s", path, err, g.CSV.Name)
		}
	}
	got, err := os.ReadFile(filepath.Join(folder, g.CSV.Name))
	if err != nil {
		t.Fatal(err)
	}
	header, row, _ := strings.Cut(g.CSV.Content, "\n")
	lines := strings.Split(strings.TrimSuffix(string(got), "\n"), "\n")
	if len(lines) != 3 || lines[0] != header || lines[1] != lines[2] {
		t.Fatalf("the file is\n%s", got)
	}
	want := strings.Split(strings.TrimSpace(row), ",")
	for i, field := range strings.Split(lines[1], ",") {
		a, _ := strconv.ParseFloat(field, 64)
		b, err := strconv.ParseFloat(want[i], 64)
		if err != nil || math.Abs(a-b) > 1e-12 || strings.Contains(field, ".") != strings.Contains(want[i], ".") {
			t.Errorf("column %d is %s, the peer writes %s", i, field, want[i])
		}
	}
}

func TestCorrelationsEqualThePeers(t *testing.T) {
	g := readGolden(t)
	test := evaluate.Similarity{First: make([]string, 80), Second: make([]string, 80), Scores: g.Scores}
	got, err := test.MeasureVectors(g.vectors(0, 80), g.vectors(80, 160))
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]float64{"pearson_cosine": got.Pearson, "spearman_cosine": got.Spearman} {
		if want, ok := g.Similarity[name]; !ok || math.Abs(v-want) > 1e-6 { // the peer's cosines are float32
			t.Errorf("%s is %v, the peer has %v", name, v, want)
		}
	}
}

func TestTheAccuracyOfTripletsEqualsThePeers(t *testing.T) {
	g := readGolden(t)
	test := evaluate.Triplets{Anchors: make([]string, 50), Positives: make([]string, 50), Negatives: make([]string, 50)}
	got, err := test.AccuracyOfVectors(g.vectors(0, 50), g.vectors(50, 100), g.vectors(100, 150))
	if err != nil || math.Abs(got-g.Triplets) > 1e-7 { // the peer's mean is float32
		t.Errorf("%v, %v; the peer has %v", got, err, g.Triplets)
	}
}
