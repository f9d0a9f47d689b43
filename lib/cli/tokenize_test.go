package cli_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// vocabulary makes the folder of a small BERT tokenizer whose texts have at most five tokens.
func vocabulary(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nlight\nbend\n##s\nby\nthe\nsun\n")
	write(t, dir, "tokenizer_config.json", `{"model_max_length": 5, "do_lower_case": true}`)
	return dir
}

func TestTokenizePrintsIDsAndTokens(t *testing.T) {
	dir := vocabulary(t)
	for name, c := range map[string]struct {
		args   []string
		input  string
		tokens string // of each line, spaced
	}{
		"to the model's length":           {nil, "Light bends by the sun\n", "[CLS] light bend ##s [SEP]"},
		"to the length asked for":         {[]string{"--max-length", "7"}, "Light bends by the sun\n", "[CLS] light bend ##s by the [SEP]"},
		"without a limit for 0":           {[]string{"--max-length", "0"}, "Light bends by the sun\n", "[CLS] light bend ##s by the sun [SEP]"},
		"an empty line as special tokens": {nil, "\n", "[CLS] [SEP]"},
		"a last line without a break":     {nil, "sun", "[CLS] sun [SEP]"},
		"invalid bytes as nothing known":  {nil, "sun\xff\n", "[CLS] sun [SEP]"},
	} {
		t.Run(name, func(t *testing.T) {
			got := run(context.Background(), strings.NewReader(c.input), append([]string{"tokenize", "--model", dir}, c.args...)...)
			var line struct {
				IDs    []int
				Tokens []string
			}
			if err := json.Unmarshal([]byte(got.out), &line); err != nil || got.exit != 0 {
				t.Fatalf("%q, %v, %s", got.out, err, got.err)
			}
			if tokens := strings.Join(line.Tokens, " "); tokens != c.tokens || len(line.IDs) != len(line.Tokens) {
				t.Errorf("tokens %q with %d ids, want %q", tokens, len(line.IDs), c.tokens)
			}
		})
	}
}

func TestTokenizePrintsOneObjectALine(t *testing.T) {
	got := run(context.Background(), strings.NewReader("sun\nthe light\n"), "tokenize", "--model", vocabulary(t))
	want := []string{
		`{"ids":[2,10,3],"tokens":["[CLS]","sun","[SEP]"]}`,
		`{"ids":[2,9,5,3],"tokens":["[CLS]","the","light","[SEP]"]}`,
	}
	if lines := strings.Split(strings.TrimSpace(got.out), "\n"); !slices.Equal(lines, want) {
		t.Errorf("%q, want %q", lines, want)
	}
}

func TestTokenizeSaysWhatIsWrong(t *testing.T) {
	dir := vocabulary(t)
	empty := t.TempDir()
	for name, c := range map[string]struct {
		args []string
		exit int
		says []string
	}{
		"no model":              {nil, 2, []string{`"model"`, "paperlab tokenize --help"}},
		"a negative length":     {[]string{"--model", dir, "--max-length", "-1"}, 2, []string{"--max-length", "at least 0"}},
		"a length that is none": {[]string{"--model", dir, "--max-length", "many"}, 2, []string{"--max-length", "whole number"}},
		"an unknown flag":       {[]string{"--modle", dir}, 2, []string{"did you mean --model"}},
		"a model that is not":   {[]string{"--model", "./no/such/folder"}, 1, []string{"no/such/folder"}},
		"no tokenizer":          {[]string{"--model", empty}, 1, []string{empty, "tokenizer.json"}},
	} {
		t.Run(name, func(t *testing.T) {
			run(context.Background(), strings.NewReader("sun\n"), append([]string{"tokenize"}, c.args...)...).wantError(t, c.exit, c.says...)
		})
	}
}
