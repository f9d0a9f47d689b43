package compute_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/train"
)

// trainBERT is a training of a small sentence-embedding model.
func trainBERT(model, papers string, more ...string) []string {
	return append([]string{"train", "search", "--model", model, "--data", papers, "--epochs", "2", "--batch-size", "5", "--learning-rate", "1e-3",
		"--warmup", "2", "--log-every", "2"}, more...)
}

func TestTrainSearchSaysTheLossBeforeAndAfter(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	var r recorder
	got := call{newRun: r.newRun}.run(trainBERT(model, papers)...)
	if got.exit != 0 || !strings.Contains(got.out, "model saved to model_checkpoints/fine_tuned_search_model\n") {
		t.Fatalf("%+v", got)
	}
	// 30 papers of three categories make 27 pairs, a tenth of them, rounded up, held out.
	if !strings.Contains(got.err, "Papers: 30\nTraining pairs: 24\nValidation pairs: 3\n") {
		t.Errorf("%s", got.err)
	}
	var before, after float64
	if _, err := fmt.Sscanf(got.out, "validation loss: %f before, %f after", &before, &after); err != nil || !(after < before) {
		t.Errorf("%q: %v", got.out, err)
	}
	measured := eventsOf[train.Measured](&r)
	if len(measured) == 0 || measured[0].Step != 0 || math.Abs(measured[0].Metrics["eval/loss"]-before) > 5e-5 {
		t.Errorf("the loss before was recorded as %+v", measured)
	}
	if r.name != "search" || r.params["pairs"] != 24 || r.params["per_group"] != 200 || r.params["scale"] != 20.0 {
		t.Errorf("%s: %v", r.name, r.params)
	}
}

func TestTrainSearchWithoutValidation(t *testing.T) {
	dir := folder(t)
	got := run(trainBERT(tinyBERT(t, dir), abstracts(t, dir, 30), "--held-out", "0", "--max-steps", "2")...)
	if got.exit != 0 || strings.Contains(got.out, "validation") {
		t.Errorf("%+v", got)
	}
}

func TestTrainSearchDryRun(t *testing.T) {
	dir := folder(t)
	got := run(trainBERT(tinyBERT(t, dir), abstracts(t, dir, 30), "--dry-run")...)
	if got.exit != 0 || !strings.Contains(got.out, "24 examples, 10 optimizer steps of 1 x 5\n") {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat("model_checkpoints"); err == nil {
		t.Error("checkpoints were written")
	}
}

type hit struct {
	Model      string
	Query      string
	Rank       int
	Similarity float64
	ID         string
	Title      string
	Abstract   string
	Authors    string
	Categories string
	Year       int
}

// built is what index build says at its end: what it took too.
var built = regexp.MustCompile(`^deep/papers\.faiss: 30 papers, 16 dimensions \([0-9.]+ s, \d+ papers/s, \d+ MB of memory at most\)\n$`)

func TestAnIndexFindsThePaperThatIsAskedFor(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	if got := must(t, "index", "build", "--model", model, "--data", papers, "-o", "deep/papers.faiss"); !built.MatchString(got) {
		t.Errorf("%q", got)
	}
	// The index knows the model that built it.
	query := "On light and bends " + sentences(0, 2)
	hits := decode[hit](t, must(t, "index", "search", query, "--index", "deep/papers.faiss", "--json"))
	if len(hits) != 5 || hits[0].ID != "p0" || hits[0].Rank != 1 || hits[0].Title != "On light and bends" || math.Abs(hits[0].Similarity-1) > 1e-3 {
		t.Errorf("%+v", hits)
	}
	if !slices.IsSortedFunc(hits, func(a, b hit) int { return int(math.Copysign(1, b.Similarity-a.Similarity)) }) {
		t.Errorf("not the nearest first: %+v", hits)
	}
	if all := decode[hit](t, must(t, "index", "search", query, "--index", "deep/papers.faiss", "--json", "-k", "1000")); len(all) != 30 {
		t.Errorf("%d of 30 papers", len(all))
	}
	if text := must(t, "index", "search", query, "--index", "deep/papers.faiss", "-k", "1"); !strings.HasPrefix(text, "1. On light and bends (similarity 1.0000)\n   p0 | ") {
		t.Errorf("%q", text)
	}
}

func TestAnIndexAnswersByWordsInCategoriesAndForMany(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	must(t, "index", "build", "--model", model, "--data", papers)
	ids := func(stdin string, args ...string) (ids []string) {
		got := call{stdin: strings.NewReader(stdin)}.run(append([]string{"index", "search", "--json", "-k", "2"}, args...)...)
		if got.exit != 0 {
			t.Fatal(got.err)
		}
		type answer struct { // whose similarity is "NaN" where its words alone brought it
			hit
			Similarity any
		}
		for _, h := range decode[answer](t, got.out) {
			ids = append(ids, h.Query+h.ID)
		}
		return ids
	}
	title := "On light and bends"
	same := ids("", "--more-like", "p0")
	if len(same) != 2 || slices.Contains(same, "p0") {
		t.Errorf("more like p0: %v", same)
	}
	if got := ids("", title, "--by", "words"); len(got) != 2 || got[0] != "p0" {
		t.Errorf("by words: %v", got)
	}
	if got := ids("", title, "--by", "both", "--category", "none.such"); len(got) != 0 {
		t.Errorf("in no category: %v", got)
	}
	if got := ids(title+"\n\n"+title+"\n", "-", "--by", "both"); len(got) != 4 || got[0] != title+"p0" || got[2] != title+"p0" {
		t.Errorf("two queries: %v", got)
	}
	if text := must(t, "index", "search", "xylophone", "--by", "words"); text != "No paper matches: try other words, or fewer filters.\n" {
		t.Errorf("%q", text)
	}
	if text := must(t, "index", "search", title, "--by", "words", "-k", "1"); !strings.HasPrefix(text, "1. On light and bends (by its words)\n") {
		t.Errorf("%q", text)
	}
}

func TestPapersAreAddedToAnIndexOnce(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	must(t, "index", "build", "--model", model, "--data", papers, "--limit", "7", "-o", "x.faiss")
	for _, want := range []string{"23 papers added, 7 were there, 30 now", "0 papers added, 30 were there, 30 now"} {
		if got := must(t, "index", "add", "--index", "x.faiss", "--data", papers); got != "x.faiss: "+want+"\n" {
			t.Errorf("%q, want %q", got, want)
		}
	}
	query := "On light and bends " + sentences(0, 2)
	must(t, "index", "build", "--model", model, "--data", papers, "-o", "whole.faiss")
	if parts, whole := must(t, "index", "search", query, "--index", "x.faiss"), must(t, "index", "search", query, "--index", "whole.faiss"); parts != whole {
		t.Errorf("built in parts it says\n%s\nbuilt at once\n%s", parts, whole)
	}
}

func TestIndexInfoDescribesAnIndex(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	must(t, "index", "build", "--model", model, "--data", papers, "--limit", "7")
	type info struct {
		File               string
		Papers, Dimensions int
		Model              string
	}
	got := decode[info](t, must(t, "index", "info", "--json"))
	if want := (info{"model_checkpoints/paper_index.faiss", 7, 16, model}); len(got) != 1 || got[0] != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if text := must(t, "index", "info"); !strings.Contains(text, "7 papers, 16 dimensions, flat L2") {
		t.Errorf("%q", text)
	}
}

func TestEvalSearchHoldsAModelAgainstItself(t *testing.T) {
	dir := folder(t)
	model, papers := tinyBERT(t, dir), abstracts(t, dir, 30)
	args := []string{"eval", "search", "--model", model, "--baseline", model, "--data", papers, "--query", "On light and bends", "-k", "2", "--titles", "0"}
	out := must(t, append(args, "--json")...)
	first, rest, _ := strings.Cut(out, "\n")
	var c map[string]any
	if err := json.Unmarshal([]byte(first), &c); err != nil {
		t.Fatal(err)
	}
	if cosine := c["cosine"].(float64); math.Abs(cosine-1) > 1e-6 || c["total_parameter_change"] != 0.0 || c["parameter_change_norm"] != 0.0 {
		t.Errorf("%s", first)
	}
	hits := decode[hit](t, rest)
	if len(hits) != 4 || hits[0].Model != "fine-tuned" || hits[2].Model != "baseline" || hits[0].ID != "p0" || hits[2].Similarity != hits[0].Similarity {
		t.Errorf("%+v", hits)
	}
	text := must(t, args...)
	for _, part := range []string{`Cosine of the two embeddings of "Artificial Intelligence in Healthcare": 1.0000`, "Total Parameter Change: 0.000000 (L2 norm 0.000000)",
		`**Fine-Tuned Model Results** for "On light and bends":`, "**Baseline Model Results** for ", "**Rank 1** (Similarity: 1.0000)\n**Title:** On light and bends\n**Abstract:** ",
		"\n" + strings.Repeat("=", 100) + "\n"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, text)
		}
	}
}

func TestEmbedPrintsOneObjectALine(t *testing.T) {
	model := tinyBERT(t, folder(t))
	type embedding struct{ Embedding []float32 }
	embed := func(input string) []embedding {
		got := call{stdin: strings.NewReader(input)}.run("embed", "--model", model)
		if got.exit != 0 || got.err != "" {
			t.Fatal(got.err)
		}
		return decode[embedding](t, got.out)
	}
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(sentences(3, 50), ". ", ".\n")), "\n")
	all := embed(strings.Join(lines, "\n"))
	if len(all) != len(lines) || len(all) < 40 {
		t.Fatalf("%d embeddings of %d lines", len(all), len(lines))
	}
	for i, line := range lines { // in their order, whatever is embedded together
		for j, x := range embed(line)[0].Embedding {
			if math.Abs(float64(x-all[i].Embedding[j])) > 1e-5 {
				t.Fatalf("line %d, component %d: %v alone, %v among others", i+1, j, x, all[i].Embedding[j])
			}
		}
	}
	if n := len(embed("\n\xff\n")); n != 2 {
		t.Errorf("%d embeddings of an empty line and one of an invalid byte", n)
	}
	if n := len(embed("")); n != 0 {
		t.Errorf("%d embeddings of nothing", n)
	}
}

func TestTheVerbsOfTheSearchSayWhatIsWrong(t *testing.T) {
	dir := folder(t)
	model, papers, t5 := tinyBERT(t, dir), abstracts(t, dir, 9), tinyT5(t, dir)
	must(t, "index", "build", "--model", model, "--data", papers)
	garbage := write(t, dir, "garbage.faiss", "garbage")
	untitled := write(t, dir, "untitled.jsonl", `{"title":"","abstract":"a","categories":"c"}`+"\n")
	spoilt := func(name, catalogue string) string {
		index, err := os.ReadFile("model_checkpoints/paper_index.faiss")
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, name+".papers.jsonl", catalogue)
		return write(t, dir, name, string(index))
	}
	alone := write(t, dir, "alone.faiss", "")
	if err := os.Rename(spoilt("lonely.faiss", ""), alone); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		exit int
		says []string
	}{
		"a model that is not there":            {[]string{"embed", "--model", "./gone"}, 1, []string{"./gone"}},
		"a model of another kind":              {[]string{"embed", "--model", t5}, 1, []string{t5}},
		"too much held out":                    {trainBERT(model, papers, "--held-out", "1"), 2, []string{"--held-out"}},
		"no scale":                             {trainBERT(model, papers, "--scale", "0"), 2, []string{"--scale"}},
		"a scale that is none":                 {trainBERT(model, papers, "--scale", "NaN"), 2, []string{"--scale"}},
		"groups of nothing":                    {trainBERT(model, papers, "--per-group", "0"), 2, []string{"--per-group", "at least 1"}},
		"papers of different categories only":  {trainBERT(model, papers, "--limit", "3"), 1, []string{"3 papers make 0 pairs", "--limit"}},
		"a limit below nothing":                {[]string{"index", "build", "--limit", "-1"}, 2, []string{"--limit", "at least 0"}},
		"papers that are not there":            {[]string{"index", "build", "--model", model, "--data", "gone.jsonl"}, 1, []string{"gone.jsonl"}},
		"a folder without papers":              {[]string{"index", "build", "--model", model, "--data", model}, 1, []string{"PDF files"}},
		"papers without titles":                {[]string{"index", "build", "--model", model, "--data", untitled}, 1, []string{"untitled.jsonl", "title and abstract"}},
		"an index in a file's place":           {[]string{"index", "build", "--model", model, "--data", papers, "-o", papers + "/x"}, 1, []string{"abstracts.jsonl"}},
		"no query":                             {[]string{"index", "search"}, 2, []string{"a query is needed"}},
		"an empty query":                       {[]string{"index", "search", " "}, 2, []string{"empty"}},
		"a query and a paper":                  {[]string{"index", "search", "light", "--more-like", "p0"}, 2, []string{"one of them"}},
		"more like a paper that is not there":  {[]string{"index", "search", "--more-like", "p99"}, 1, []string{"no paper with the ID p99"}},
		"a way to search that is none":         {[]string{"index", "search", "light", "--by", "smell"}, 2, []string{"--by", "smell"}},
		"years that never were":                {[]string{"index", "search", "light", "--from", "2010", "--to", "2009"}, 2, []string{"2010", "2009"}},
		"an index to add to that is not there": {[]string{"index", "add", "--index", "gone.faiss"}, 1, []string{"gone.faiss", "index build"}},
		"no answers asked for":                 {[]string{"index", "search", "light", "-k", "0"}, 2, []string{"at least 1"}},
		"an index that is not there":           {[]string{"index", "search", "light", "--index", "gone.faiss"}, 1, []string{"gone.faiss", "index build"}},
		"an index that is none":                {[]string{"index", "info", "--index", garbage}, 1, []string{"garbage.faiss"}},
		"an index without its papers":          {[]string{"index", "search", "light", "--index", alone}, 1, []string{"alone.faiss.papers.jsonl", "build the index again"}},
		"an index with other papers":           {[]string{"index", "info", "--index", spoilt("other.faiss", `{"model":"m","papers":1}`+"\n{}\n")}, 1, []string{"has 1 papers of 1", "9 vectors"}},
		"an index with garbage for its papers": {[]string{"index", "info", "--index", spoilt("mad.faiss", `{"model":"m","papers":1}`+"\ngarbage\n")}, 1, []string{"line 2", "build the index again"}},
		"a baseline that is not there":         {[]string{"eval", "search", "--model", model, "--baseline", "./gone", "--data", papers}, 1, []string{"./gone"}},
		"nothing to show":                      {[]string{"eval", "search", "--top", "0"}, 2, []string{"--top", "at least 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			call{stdin: strings.NewReader("light\n")}.run(c.args...).wantError(t, c.exit, c.says...)
		})
	}
}
