package cli_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestRougePrintsTheMeansOrEachPair(t *testing.T) {
	dir := t.TempDir()
	refs := write(t, dir, "refs.txt", "the sun bends light\nthe sun shines\n")
	preds := write(t, dir, "preds.txt", "the sun bends light\nno match\n")
	type score struct{ Precision, Recall, FMeasure float64 }
	type scores struct{ Rouge1, Rouge2, RougeL, RougeLsum score }
	parse := func(line string) (s scores) {
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		return s
	}

	means := run(context.Background(), nil, "rouge", "--refs", refs, "--preds", preds)
	if s := parse(means.out); s.Rouge1.FMeasure != 0.5 || s.RougeLsum.Precision != 0.5 || s.Rouge2.Recall != 0.5 {
		t.Errorf("means %s", means.out)
	}
	for _, key := range []string{`"rouge1"`, `"rouge2"`, `"rougeL"`, `"rougeLsum"`, `"precision"`, `"recall"`, `"fmeasure"`} {
		if !strings.Contains(means.out, key) {
			t.Errorf("%s lacks %s", means.out, key)
		}
	}

	each := run(context.Background(), strings.NewReader("the sun bends light\nno match"), "rouge", "--refs", refs, "--preds", "-", "--each")
	lines := strings.Split(strings.TrimSpace(each.out), "\n")
	if len(lines) != 2 || parse(lines[0]).RougeL.FMeasure != 1 || parse(lines[1]).RougeL.FMeasure != 0 {
		t.Errorf("each %q", lines)
	}
}

func TestRougeComparesStemsWhereAsked(t *testing.T) {
	dir := t.TempDir()
	refs, preds := write(t, dir, "refs.txt", "bending\n"), write(t, dir, "preds.txt", "bends\n")
	for _, c := range []struct {
		flag string
		want string
	}{{"--stem=false", `"fmeasure":0}`}, {"--stem", `"fmeasure":1}`}} {
		if got := run(context.Background(), nil, "rouge", "--refs", refs, "--preds", preds, c.flag); !strings.Contains(got.out, c.want) {
			t.Errorf("%s: %s", c.flag, got.out)
		}
	}
}

func TestRougeSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	one, two, none := write(t, dir, "one.txt", "a\n"), write(t, dir, "two.txt", "a\nb\n"), write(t, dir, "none.txt", "")
	for name, c := range map[string]struct {
		args []string
		exit int
		says []string
	}{
		"a missing flag":                  {[]string{"--refs", one}, 2, []string{"preds"}},
		"standard input twice":            {[]string{"--refs", "-", "--preds", "-"}, 2, []string{"standard input"}},
		"files of different lengths":      {[]string{"--refs", one, "--preds", two}, 1, []string{one + " has 1 lines", two + " has 2", "line by line"}},
		"files without lines":             {[]string{"--refs", none, "--preds", none}, 1, []string{"no lines"}},
		"a file that is not there":        {[]string{"--refs", one, "--preds", dir + "/gone"}, 1, []string{"gone"}},
		"a folder where a file should be": {[]string{"--refs", one, "--preds", dir}, 1, []string{dir, "is a directory"}},
	} {
		t.Run(name, func(t *testing.T) {
			run(context.Background(), strings.NewReader(""), append([]string{"rouge"}, c.args...)...).wantError(t, c.exit, c.says...)
		})
	}
}
