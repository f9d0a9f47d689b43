package headless_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"paperlab/kernel/headless"
	"paperlab/kernel/nbformat"
)

const cellOfParameters = `#tag parameters
import (
	"fmt"
	"time"
)

// How to train.
learning_rate := 5e-5
var epochs = 3.0
var (
	name      string = "base"
	seed, top int64  = 1, 2
	small     uint8
)
shuffle := true
const batch = 8
const decay = 1.0
const pause time.Duration = time.Second
limit := 30 * time.Second
columns := []string{"title", "abstract"}
other := fmt.Sprint("x")
if shuffle { inner := 1; _ = inner }`

func TestParametersAreWhatTheirCellDeclares(t *testing.T) {
	parameters, err := headless.Parameters(notebook("out a", cellOfParameters))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range parameters {
		list = append(list, p.Name+" "+p.Type)
	}
	want := "learning_rate float64, epochs float64, name string, seed int64, top int64, small uint8, shuffle bool, batch int, " +
		"decay float64, pause time.Duration, limit time.Duration, columns []string, other unknown"
	if got := strings.Join(list, ", "); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAValueIsWrittenAsItsParameterWantsIt(t *testing.T) {
	for setting, want := range map[string]string{
		"learning_rate=1e-4":      "learning_rate = 0.0001",
		"learning_rate=3":         "learning_rate = 3.0",
		"epochs=1":                "epochs = 1.0",
		"name=a=b \"c\"":          `name = "a=b \"c\""`,
		"name=":                   `name = ""`,
		"seed=-12_000":            "seed = -12000",
		"small=0xff":              "small = 255",
		"shuffle=false":           "shuffle = false",
		"batch=16":                "const batch = 16",
		"decay=2":                 "const decay = 2.0",
		"pause=2s":                "const pause time.Duration = 2000000000 // 2s",
		"limit=1m30s":             "limit = 90000000000 // 1m30s",
		"columns=a,b c":           `columns = []string{"a", "b c"}`,
		`columns=["a","b, \"c"]`:  `columns = []string{"a", "b, \"c"}`,
		"columns=":                "columns = []string{}",
		" seed =5":                "seed = 5",
		"learning_rate=not a num": `! parameter learning_rate: "not a num" is not a finite number of type float64`,
		"learning_rate=NaN":       `! parameter learning_rate: "NaN" is not a finite number of type float64`,
		"seed=1.5":                `! parameter seed: "1.5" is not a whole number of type int64`,
		"small=256":               `! parameter small: "256" is not a whole number of type uint8`,
		"small=-1":                `! parameter small: "-1" is not a whole number of type uint8`,
		"shuffle=maybe":           `! parameter shuffle: "maybe" is not true or false`,
		"limit=90":                `! parameter limit: "90" is not a duration such as 1m30s`,
		"columns=[1]":             "! parameter columns: \"[1]\" is not a JSON list of texts: json: cannot unmarshal number into Go value of type string",
		"other=x":                 "! parameter other: its type is unknown, which cannot be set from outside: declare it as a number, string, bool, time.Duration or []string",
		"seed":                    `! parameter "seed": want name=value`,
	} {
		t.Run(setting, func(t *testing.T) {
			nb := notebook("out a", cellOfParameters, "out b")
			err := headless.Inject(nb, []string{setting}, rand.New(rand.NewPCG(1, 2)))
			got := nb.Cells[2].Source
			if err != nil {
				got = "// Parameters\n! " + err.Error()
			}
			if got != "// Parameters\n"+want {
				t.Errorf("got %s\nwant %s", got, want)
			}
		})
	}
}

func TestAnUnknownParameterIsAnErrorThatNamesTheOthers(t *testing.T) {
	err := headless.Inject(notebook("#tag parameters\nlr := 0.1; epochs := 3"), []string{"epoch=4"}, rand.New(rand.NewPCG(1, 2)))
	var unknown *headless.ParameterError
	if !errors.As(err, &unknown) || unknown.Hint() != "did you mean epochs?" {
		t.Fatalf("got %v", err)
	}
	if want := "parameter epoch: the notebook has none of that name; it has lr float64, epochs int"; err.Error() != want {
		t.Errorf("said %q, want %q", err, want)
	}
	err = headless.Inject(notebook("#tag parameters\n// none yet"), []string{"epoch=4"}, rand.New(rand.NewPCG(1, 2)))
	if err == nil || !strings.Contains(err.Error(), "none of that name") {
		t.Errorf("said %q", err)
	}
}

// brief writes the cells of a notebook, each with its tags.
func brief(nb *nbformat.Notebook) string {
	var b strings.Builder
	for _, cell := range nb.Cells {
		fmt.Fprintf(&b, "%v %q\n", cell.Metadata["tags"], cell.Source)
	}
	return b.String()
}

func TestParametersGoWherePapermillPutsThem(t *testing.T) {
	for name, c := range map[string]struct {
		cells    []string
		settings []string
		want     string
	}{
		"behind the cell of parameters": {[]string{"out a", "#tag parameters\nn := 1", "out b"}, []string{"n=2"},
			"[] \"out a\"\n[parameters] \"n := 1\"\n[injected-parameters] \"// Parameters\\nn = 2\"\n[] \"out b\"\n"},
		"in the place of earlier ones": {[]string{"#tag parameters\nn := 1", "out a", "#tag injected-parameters\nn = 2"}, []string{"n=3"},
			"[parameters] \"n := 1\"\n[] \"out a\"\n[injected-parameters] \"// Parameters\\nn = 3\"\n"},
		"first, where no cell declares any": {[]string{"out a"}, []string{"n=2", "x=0.5", "ok=true", "yes=t", "s=a b"},
			"[injected-parameters] \"// Parameters\\nn := 2\\nx := 0.5\\nok := true\\nyes := \\\"t\\\"\\ns := \\\"a b\\\"\"\n[] \"out a\"\n"},
		"the last of two for a name": {[]string{"#tag parameters\na := 1; b := 1"}, []string{"a=2", "b=3", "a=4"},
			"[parameters] \"a := 1; b := 1\"\n[injected-parameters] \"// Parameters\\na = 4\\nb = 3\"\n"},
		"nowhere without a setting": {[]string{"out a", "#tag injected-parameters\nn = 2"}, nil,
			"[] \"out a\"\n[injected-parameters] \"n = 2\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			nb := notebook(c.cells...)
			if err := headless.Inject(nb, c.settings, rand.New(rand.NewPCG(1, 2))); err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(brief(nb), "<nil>", "[]")
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if err := nb.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestANameThatIsNoneInGoIsRefused(t *testing.T) {
	for _, setting := range []string{"a-b=1", "1a=1", "func=1", "a; os.Exit(1)=1"} {
		if err := headless.Inject(notebook("out a"), []string{setting}, rand.New(rand.NewPCG(1, 2))); err == nil {
			t.Errorf("%s was taken", setting)
		}
	}
}

func TestACellOfParametersThatIsNotGoIsSaid(t *testing.T) {
	_, err := headless.Parameters(notebook("out a", "#tag parameters\nlr = = 3"))
	if err == nil || !strings.HasPrefix(err.Error(), "cell 2, tagged parameters: this is not Go: ") {
		t.Errorf("got %v", err)
	}
}

// FuzzInject checks that a value cannot leave its place: whatever is set, the injected cell is one statement.
func FuzzInject(f *testing.F) {
	for _, value := range []string{"1", "a\"\n; panic(1)", "`", "\xff", "[\"a\"]", "1h", "0x1p-2"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, name := range []string{"s", "n", "x", "ok", "d", "list"} {
			nb := notebook("#tag parameters\nimport \"time\"\ns := \"\"; n := 1; x := 1.0; ok := true; d := time.Second; list := []string{}")
			if headless.Inject(nb, []string{name + "=" + value}, rand.New(rand.NewPCG(1, 2))) != nil {
				continue
			}
			if lines := strings.Count(nb.Cells[1].Source, "\n"); lines != 1 || !strings.HasPrefix(nb.Cells[1].Source, "// Parameters\n"+name+" = ") {
				t.Errorf("%q became %q", value, nb.Cells[1].Source)
			}
		}
	})
}
