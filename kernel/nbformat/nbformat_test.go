package nbformat_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"paperlab/kernel/nbformat"
)

func TestParseRefuses(t *testing.T) {
	const valid = `{"cell_type":"code","id":"a","metadata":{},"source":"","outputs":[],"execution_count":null}`
	tests := []struct{ name, input, want string }{
		{"nothing", "", "nbformat: this is no notebook: its JSON ends early"},
		{"half a file", `{"cells": [`, "nbformat: this is no notebook: its JSON ends early"},
		{"broken JSON", "{\n \"cells\": [\n  oops\n ]\n}", "nbformat: this is no notebook: line 3: invalid character 'o' looking for beginning of value"},
		{"two notebooks", `{"nbformat":4}{}`, "nbformat: this is no notebook: there is more behind the notebook's end"},
		{"a list", `[1]`, "nbformat: this is no notebook: it holds no JSON object"},
		{"some other JSON", `{"a":1}`, "nbformat: this is no notebook: it has no field nbformat with the number of its format"},
		{"format 3", `{"nbformat":3,"nbformat_minor":0,"worksheets":[]}`,
			"nbformat: format 3 is older than 4 (convert it: jupyter nbconvert --to notebook --inplace FILE)"},
		{"format 5", `{"nbformat":5}`, "nbformat: format 5 is newer than 4, the newest that is read here"},
		{"cells with faults, all of them named",
			`{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[` + valid + `,` + valid + `,
			 {"cell_type":"markdown","id":"b","metadata":{}},
			 {"cell_type":"code","id":"c","metadata":{},"source":1,"execution_count":null,"outputs":[{"output_type":"stream","name":"stdout","text":null}]},
			 {"cell_type":"sql"}]}`,
			`nbformat: cell 2 (id "a"): its id is that of cell 1
cell 3 (id "b"): field source is missing
cell 4 (id "c"): field source: the number 1 where a text or a list of texts is expected
cell 4 (id "c"): field outputs: item 1: field text: null where a text or a list of texts is expected
cell 5: field cell_type: the text "sql" where code, markdown or raw is expected`},
		{"more faults than anyone reads",
			`{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[` + strings.Repeat("1,", 24) + `1]}`,
			"nbformat: " + strings.Join(lines(20, "cell %d: the number 1 where an object is expected"), "\n") + "\nand 5 more problems"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			nb, err := nbformat.Parse([]byte(test.input))
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %v", err, test.want)
			}
			if nb != nil {
				t.Error("a notebook came with the error")
			}
		})
	}
}

// lines fills the numbers from 1 to n into a format.
func lines(n int, format string) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(format, i+1))
	}
	return all
}

func TestParse(t *testing.T) {
	three := 3
	got, err := nbformat.Parse([]byte(`{"nbformat":4,"nbformat_minor":5,"metadata":{"title":"T"},"later":1,"cells":[
		{"cell_type":"markdown","id":"m","metadata":{},"source":["# A\n","text"],"attachments":{"a.png":{"image/png":"AA"}}},
		{"cell_type":"code","id":"c","metadata":{"tags":["x"]},"source":"1","execution_count":3,"outputs":[
			{"output_type":"stream","name":"stderr","text":["a\n","b"]},
			{"output_type":"execute_result","execution_count":3,"metadata":{},"data":{"text/plain":["1"],"application/json":["1"]}},
			{"output_type":"error","ename":"E","evalue":"v","traceback":["t"]}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &nbformat.Notebook{Minor: 5, Metadata: map[string]any{"title": "T"}, Extra: got.Extra, Cells: []nbformat.Cell{
		{ID: "m", Type: nbformat.Markdown, Source: "# A\ntext", Metadata: map[string]any{},
			Attachments: map[string]nbformat.MIMEBundle{"a.png": {"image/png": "AA"}}},
		{ID: "c", Type: nbformat.Code, Source: "1", Metadata: map[string]any{"tags": []any{"x"}}, ExecutionCount: &three,
			Outputs: []nbformat.Output{
				{Type: nbformat.Stream, Name: "stderr", Text: "a\nb"},
				{Type: nbformat.ExecuteResult, ExecutionCount: &three, Metadata: map[string]any{},
					Data: nbformat.MIMEBundle{"text/plain": "1", "application/json": []any{"1"}}},
				{Type: nbformat.Error, ErrorName: "E", ErrorValue: "v", Traceback: []string{"t"}},
			}},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if len(got.Extra) != 1 {
		t.Errorf("unknown fields %v, want the one called later", got.Extra)
	}
}

func TestInvalidUTF8BecomesReplacementCharacters(t *testing.T) {
	nb, err := nbformat.Parse([]byte(`{"nbformat":4,"nbformat_minor":4,"metadata":{},"cells":[` +
		`{"cell_type":"raw","metadata":{},"source":"a` + "\xff\xfe" + `b"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := nb.Cells[0].Source, "a\uFFFD\uFFFDb"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEncodeTakesAnyGoValue(t *testing.T) {
	nb := nbformat.New()
	nb.Cells = []nbformat.Cell{{ID: "a", Type: nbformat.Code, Outputs: []nbformat.Output{{Type: nbformat.DisplayData,
		Data:     nbformat.MIMEBundle{"application/json": struct{ X []float64 }{[]float64{1, 0.5}}, "text/plain": "a\xff<b>"},
		Metadata: map[string]any{"width": 640}}}}}
	data, err := nb.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\"X\": [\n        1,\n        0.5\n       ]", "\"a\uFFFD<b>\"", `"width": 640`, "\"metadata\": {},"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in\n%s", want, data)
		}
	}
}

func TestEncodeRefusesWhatIsNotValid(t *testing.T) {
	tests := []struct {
		name string
		cell nbformat.Cell
		want string
	}{
		{"a cell without an id", nbformat.Cell{Type: nbformat.Raw}, "nbformat: cell 1: field id is missing"},
		{"a cell without a type", nbformat.Cell{ID: "a"}, `nbformat: cell 1 (id "a"): field cell_type: the text ""`},
		{"an output without a type", nbformat.Cell{ID: "a", Type: nbformat.Code, Outputs: []nbformat.Output{{}}},
			`nbformat: cell 1 (id "a"): field outputs: item 1: field output_type: the text ""`},
		{"bytes as an image", nbformat.Cell{ID: "a", Type: nbformat.Markdown,
			Attachments: map[string]nbformat.MIMEBundle{"x": {"image/png": 1}}},
			`nbformat: cell 1 (id "a"): field attachments: "x": "image/png": the number 1`},
		{"a value that JSON cannot hold", nbformat.Cell{ID: "a", Type: nbformat.Raw, Metadata: map[string]any{"x": math.NaN()}},
			"nbformat: cell 1: json: unsupported value: NaN"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			nb := nbformat.New()
			nb.Cells = []nbformat.Cell{test.cell}
			_, err := nb.Encode()
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %v", err, test.want)
			}
			if again := nb.Validate(); again == nil || again.Error() != err.Error() {
				t.Errorf("Validate says %v, Encode %v", again, err)
			}
		})
	}
}

func TestUpgradeGivesEveryCellAnIDOfItsOwn(t *testing.T) {
	nb, err := nbformat.Parse([]byte(`{"nbformat":4,"nbformat_minor":2,"metadata":{},"cells":[
		{"cell_type":"raw","metadata":{},"source":"1"},
		{"cell_type":"raw","metadata":{},"source":"2","id":"kept"},
		{"cell_type":"raw","metadata":{},"source":"3","id":"kept"},
		{"cell_type":"raw","metadata":{},"source":"4","id":"not an id"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(42, 0))
	if !nb.Upgrade(random) || nb.Minor != 5 {
		t.Errorf("the notebook is of format 4.%d, want 4.5", nb.Minor)
	}
	if err := nb.Validate(); err != nil {
		t.Error(err)
	}
	if nb.Cells[1].ID != "kept" {
		t.Errorf("a good id became %q", nb.Cells[1].ID)
	}
	before, _ := nb.Encode()
	if nb.Upgrade(random) {
		t.Error("a notebook of format 4.5 is said to have been changed")
	}
	if after, _ := nb.Encode(); !bytes.Equal(before, after) {
		t.Error("a notebook of format 4.5 has been changed")
	}
}

func TestSave(t *testing.T) {
	folder := t.TempDir()
	path, link := filepath.Join(folder, "nb.ipynb"), filepath.Join(folder, "link.ipynb")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nb.ipynb", link); err != nil {
		t.Fatal(err)
	}
	nb := nbformat.New()
	nb.Cells = []nbformat.Cell{{Type: nbformat.Raw}}
	if err := nb.Save(path); err == nil || !strings.HasPrefix(err.Error(), "nbformat: "+path+": cell 1: ") {
		t.Errorf("saving an invalid notebook gave %v", err)
	}
	if data, _ := os.ReadFile(path); string(data) != "old" {
		t.Errorf("saving an invalid notebook left %q in the file", data)
	}

	nb.Cells[0].ID = "a"
	if err := nb.Save(link); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is no link any more: %v %v", info.Mode(), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the permissions are %v, want those of the old file, 0600 (%v)", info.Mode(), err)
	}
	read, err := nbformat.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(read.Cells) != 1 || read.Cells[0].ID != "a" {
		t.Errorf("read back %+v", read)
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 2 {
		t.Errorf("%d files in the folder, want 2", len(entries))
	}
}

func TestReadNamesItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nb.ipynb")
	if _, err := nbformat.Read(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(path, []byte("[]"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := nbformat.Read(path); err == nil || !strings.HasPrefix(err.Error(), "nbformat: "+path+": ") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	inputs, err := filepath.Glob("testdata/roundtrip/*.ipynb")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range inputs {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		nb, err := nbformat.Parse(data)
		if err != nil {
			return
		}
		if err := nb.Validate(); err != nil {
			t.Fatalf("parsed, but not valid: %v", err)
		}
		written, err := nb.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := nbformat.Parse(written)
		if err != nil {
			t.Fatal(err)
		}
		rewritten, err := again.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(written, rewritten) {
			t.Errorf("written as\n%s\nand then as\n%s", written, rewritten)
		}
	})
}

func BenchmarkRoundTrip(b *testing.B) {
	nb := nbformat.New()
	for range 100 {
		nb.Cells = append(nb.Cells, nbformat.Cell{Type: nbformat.Code, Source: strings.Repeat("fmt.Println(1)\n", 20),
			Outputs: []nbformat.Output{
				{Type: nbformat.Stream, Name: "stdout", Text: strings.Repeat("1\n", 100)},
				{Type: nbformat.DisplayData, Data: nbformat.MIMEBundle{"image/png": strings.Repeat("QUJD", 10000)}},
			}})
	}
	nb.Minor = 0
	nb.Upgrade(rand.New(rand.NewPCG(1, 2)))
	data, err := nb.Encode()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		nb, err := nbformat.Parse(data)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := nb.Encode(); err != nil {
			b.Fatal(err)
		}
	}
}
