package compute_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInitMakesTheSameModelFromTheSameSeed(t *testing.T) {
	dir := folder(t)
	first := tinyT5(t, dir)
	read := func(folder string) string {
		b, err := os.ReadFile(filepath.Join(folder, "model.safetensors"))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	must(t, "init", "t5-test", "again", "--tokenizer", first)
	must(t, "init", "t5-test", "other", "--tokenizer", first, "--seed", "43")
	if read("again") != read(first) || read("other") == read(first) {
		t.Error("equal seeds give other weights, or other seeds equal ones")
	}
	if got := must(t, "init", "t5-test", "said", "--tokenizer", first); !strings.Contains(got, "said: t5-test with ") {
		t.Errorf("%q", got)
	}
}

func TestInitSaysWhatIsWrong(t *testing.T) {
	dir := folder(t)
	model, bert := tinyT5(t, dir), tinyBERT(t, dir)
	file := write(t, dir, "file", "")
	for name, c := range map[string]struct {
		args []string
		exit int
		says []string
	}{
		"no folder":                          {[]string{"t5-test"}, 2, []string{"init: wants CONFIG DIR, got \"t5-test\"", "paperlab init --help"}},
		"an unknown configuration":           {[]string{"gpt-5", "new"}, 2, []string{`"gpt-5"`, "t5-tiny"}},
		"an unknown device":                  {[]string{"t5-test", "new", "--device", "tpu"}, 2, []string{"--device", `"tpu"`}},
		"a folder that holds a model":        {[]string{"t5-test", model}, 1, []string{model, "already holds a model", "another folder"}},
		"a file in the folder's place":       {[]string{"t5-test", file, "--tokenizer", model}, 1, []string{file}},
		"another family's tokenizer":         {[]string{"t5-test", "new", "--tokenizer", bert}, 1, []string{bert, "T5"}},
		"a tokenizer that is not there":      {[]string{"t5-test", "new", "--tokenizer", "./gone"}, 1, []string{"./gone"}},
		"a vocabulary of a negative size":    {[]string{"t5-test", "new", "--vocabulary", "-5"}, 2, []string{"--vocabulary", "at least 1"}},
		"a seed that is no whole number":     {[]string{"t5-test", "new", "--seed", "x"}, 2, []string{"--seed"}},
		"a folder that cannot be made there": {[]string{"t5-test", filepath.Join(file, "new"), "--tokenizer", model}, 1, []string{"file"}},
	} {
		t.Run(name, func(t *testing.T) {
			run(append([]string{"init"}, c.args...)...).wantError(t, c.exit, c.says...)
			if _, err := os.Stat("new"); err == nil {
				t.Error("a folder was left behind")
			}
		})
	}
}
