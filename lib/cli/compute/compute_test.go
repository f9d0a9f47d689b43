package compute_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paperlab/lib/bert"
	"paperlab/lib/cli/compute"
	"paperlab/lib/console"
	"paperlab/lib/tensor"
	"paperlab/lib/tokenize"
)

// TestMain keeps what verbs put into the user's cache folder apart from it.
func TestMain(m *testing.M) {
	if err := os.Setenv("XDG_CACHE_HOME", filepath.Join(os.TempDir(), "paperlab-test-cache")); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// answer is what a command printed, and its error as a person reads it.
type answer struct {
	out, err string
	exit     int
}

// call is one call of the command.
type call struct {
	ctx    context.Context // context.Background if nil
	stdin  io.Reader
	newRun compute.NewRun
	keep   compute.Keep
	draw   compute.Drawing
	open   compute.Open
}

// run calls the command as main does.
func run(args ...string) answer { return call{}.run(args...) }

func (c call) run(args ...string) answer {
	root := &cobra.Command{Use: "paperlab"}
	root.AddCommand(compute.Commands(c.newRun, c.keep, c.draw, c.open)...)
	console.Prepare(root)
	var out, err bytes.Buffer
	root.SetIn(c.stdin)
	root.SetOut(&out)
	root.SetErr(&err)
	root.SetArgs(args)
	if c.ctx == nil {
		c.ctx = context.Background()
	}
	failure := root.ExecuteContext(c.ctx)
	console.Report(&err, failure)
	return answer{out.String(), err.String(), console.Exit(failure)}
}

// must runs the command, which has to do its work, and returns what it printed.
func must(t testing.TB, args ...string) string {
	t.Helper()
	a := run(args...)
	if a.exit != 0 {
		t.Fatalf("paperlab %s: %s", strings.Join(args, " "), a.err)
	}
	return a.out
}

// wantError fails unless the command ended with that exit code, no output, and a message that has all of the parts.
func (a answer) wantError(t *testing.T, exit int, parts ...string) {
	t.Helper()
	if a.exit != exit || a.out != "" {
		t.Errorf("exit %d with output %q, want %d and none; the error: %s", a.exit, a.out, exit, a.err)
	}
	for _, part := range parts {
		if !strings.Contains(a.err, part) {
			t.Errorf("the error %q does not say %q", a.err, part)
		}
	}
}

// decode reads the JSON lines that a command printed.
func decode[T any](t *testing.T, out string) (values []T) {
	t.Helper()
	for line := range strings.Lines(out) {
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.DisallowUnknownFields()
		var v T
		if err := decoder.Decode(&v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		values = append(values, v)
	}
	return values
}

// write puts a file into a folder of the test and returns its path.
func write(t testing.TB, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// words are what the papers of the tests are written with.
var words = strings.Fields("light bends near the sun and stars shine far away while quantum fields fluctuate in empty space")

// sentences writes n sentences, others for another seed.
func sentences(seed, n int) string {
	var out []string
	for i := range n {
		var sentence []string
		for j := range 6 {
			sentence = append(sentence, words[(seed*7+i*5+j*(seed%3+1))%len(words)])
		}
		out = append(out, "The "+strings.Join(sentence, " ")+".")
	}
	return strings.Join(out, " ")
}

// articles writes a file of n papers with articles and abstracts.
func articles(t testing.TB, dir string, n int) string {
	t.Helper()
	var lines strings.Builder
	for i := range n {
		fmt.Fprintf(&lines, `{"article_id":"a%d","article":%q,"abstract":%q}`+"\n", i, sentences(i, 4), sentences(i, 1))
	}
	return write(t, dir, "articles.jsonl", lines.String())
}

// abstracts writes a file of n papers with titles, abstracts and one of three categories.
func abstracts(t testing.TB, dir string, n int) string {
	t.Helper()
	var lines strings.Builder
	for i := range n {
		fmt.Fprintf(&lines, `{"id":"p%d","title":%q,"abstract":%q,"categories":%q}`+"\n",
			i, fmt.Sprintf("On %s and %s", words[i%len(words)], words[(i*3+1)%len(words)]), sentences(i, 2), []string{"cs.CL", "hep-ph", "math.CO"}[i%3])
	}
	return write(t, dir, "abstracts.jsonl", lines.String())
}

// tinyT5 makes a small T5 with a tokenizer of its own by the verb init, and returns its folder.
func tinyT5(t testing.TB, dir string) string {
	t.Helper()
	tok, err := tokenize.TrainT5(context.Background(), slices.Values([]string{sentences(1, 40), sentences(2, 40), "summarize:"}), 60)
	if err != nil {
		t.Fatal(err)
	}
	vocabulary, model := filepath.Join(dir, "vocabulary"), filepath.Join(dir, "t5")
	if err := tok.Save(vocabulary); err != nil {
		t.Fatal(err)
	}
	must(t, "init", "t5-test", model, "--tokenizer", vocabulary)
	return model
}

// tinyBERT makes a small sentence-embedding model and returns its folder.
func tinyBERT(t testing.TB, dir string) string {
	t.Helper()
	vocabulary := append([]string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "on", "ok"}, words...)
	slices.Sort(vocabulary[8:])
	vocabulary = slices.Compact(vocabulary)
	m, err := bert.New(bert.Config{
		VocabSize: int64(len(vocabulary)), HiddenSize: 16, NumHiddenLayers: 1, NumAttentionHeads: 2, IntermediateSize: 32,
		MaxPositionEmbeddings: 64, TypeVocabSize: 2, InitializerRange: 0.5, LayerNormEps: 1e-12,
	}, tensor.CPU, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	folder := filepath.Join(dir, "bert")
	if err := m.Save(folder); err != nil {
		t.Fatal(err)
	}
	write(t, folder, "vocab.txt", strings.Join(vocabulary, "\n")+"\n")
	return folder
}

// folder is a new working directory of the test.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	return dir
}
