package compute_test

import (
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/npy"
)

// embeddings are the rows of a file that embed --out made.
func embeddings(t *testing.T, path string) (rows, dim int, values []float32) {
	t.Helper()
	m, err := npy.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if values, err = m.Read(0, m.Rows()); err != nil {
		t.Fatal(err)
	}
	return m.Rows(), m.Dim(), values
}

func TestEmbedPutsIntoAFileWhatItPrints(t *testing.T) {
	model := tinyBERT(t, folder(t))
	lines := strings.ReplaceAll(sentences(3, 40), ". ", ".\n")
	got := call{stdin: strings.NewReader(lines)}.run("embed", "--model", model, "--out", "deep/vectors.npy")
	if got.exit != 0 || !strings.HasPrefix(got.out, "deep/vectors.npy: 40 vectors of 16 components (") {
		t.Fatalf("%+v", got)
	}
	rows, dim, values := embeddings(t, "deep/vectors.npy")
	type embedding struct{ Embedding []float32 }
	printed := decode[embedding](t, call{stdin: strings.NewReader(lines)}.run("embed", "--model", model).out)
	if rows != 40 || dim != 16 || len(printed) != 40 {
		t.Fatalf("%d x %d, %d printed", rows, dim, len(printed))
	}
	for i, v := range values {
		if math.Abs(float64(v-printed[i/16].Embedding[i%16])) > 1e-5 {
			t.Fatalf("line %d is %v in the file, %v as it was printed", i/16+1, v, printed[i/16].Embedding[i%16])
		}
	}
}

// cutting is lines of which more never come: ctx ends behind the first n.
func cutting(n int, cancel func()) io.Reader {
	return io.MultiReader(strings.NewReader(strings.Repeat("light bends\n", n)), ending(cancel))
}

// ending is a reader that calls a function when it is read.
type ending func()

func (e ending) Read([]byte) (int, error) { e(); return 0, context.Canceled }

func TestEmbedGoesOnWhereItWasCutOff(t *testing.T) {
	model := tinyBERT(t, folder(t))
	ctx, cancel := context.WithCancel(t.Context())
	args := []string{"embed", "--model", model, "--out", "vectors.npy"}
	got := call{ctx: ctx, stdin: cutting(2500, cancel)}.run(args...)
	got.wantError(t, 1, "the same command goes on behind them", "vectors.npy.part")
	if _, err := os.Stat("vectors.npy"); err == nil {
		t.Error("half a file has its name")
	}
	call{stdin: strings.NewReader("others\n")}.run(args...).wantError(t, 1, "vectors.npy.part", "remove it to begin anew")
	call{stdin: strings.NewReader("")}.run(append(args, "--normalize")...).wantError(t, 1, "vectors.npy.part", "of length 1", "remove it to begin anew")
	got = call{stdin: strings.NewReader(strings.Repeat("light bends\n", 2600))}.run(args...)
	if got.exit != 0 || !strings.Contains(got.err, "embedding: going on behind the ") || !strings.HasPrefix(got.out, "vectors.npy: 2600 vectors") {
		t.Errorf("%+v", got)
	}
}

func TestEmbedPutsThePromptThatIsNamedBeforeEachText(t *testing.T) {
	dir := folder(t)
	model := tinyBERT(t, dir)
	write(t, model, "config_sentence_transformers.json", `{"prompts": {"query": "stars shine "}}`)
	embed := func(text string, flags ...string) string {
		got := call{stdin: strings.NewReader(text + "\n")}.run(append([]string{"embed", "--model", model}, flags...)...)
		if got.exit != 0 {
			t.Fatal(got.err)
		}
		return got.out
	}
	want := embed("stars shine light")
	if embed("light") == want || embed("light", "--prompt-name", "query") != want || embed("light", "--prompt", "stars shine ") != want {
		t.Error("the prompt does not stand before the text")
	}
	for name, c := range map[string]struct {
		args []string
		exit int
		says string
	}{
		"a prompt that is not there": {[]string{"--prompt-name", "passage"}, 1, "there are query"},
		"two prompts":                {[]string{"--prompt-name", "query", "--prompt", "x"}, 2, "one of them"},
		"a length below nothing":     {[]string{"--max-length", "-1"}, 2, "--max-length"},
		"a file in a file's place":   {[]string{"--out", filepath.Join(model, "vocab.txt", "x.npy")}, 1, "vocab.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			call{stdin: strings.NewReader("light\n")}.run(append([]string{"embed", "--model", model}, c.args...)...).wantError(t, c.exit, c.says)
		})
	}
}
