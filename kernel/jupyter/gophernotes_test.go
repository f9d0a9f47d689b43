package jupyter_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/draw"
	_ "image/jpeg" // for image.Decode
	_ "image/png"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"paperlab/kernel/nbformat"
)

// The notebooks that come with gophernotes are read from its module, and run in our kernel under its name with all that
// they hold; what they may show instead of the outputs recorded in them is said where it is checked:
//
//   - What a cell prints arrives as a stream. In the recordings it is a part of the result, as stdout was a value there.
//   - A picture's text says what it is. In the recordings it is the bytes, in decimal.

// published is a notebook of gophernotes' module.
func published(t *testing.T, name string) *nbformat.Notebook {
	t.Helper()
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/gopherdata/gophernotes").Output()
	if err != nil {
		t.Fatal(err)
	}
	return read(t, filepath.Join(strings.TrimSpace(string(module)), "examples", name))
}

// example runs a notebook of gophernotes, changed before that, by a command, and returns its code cells as they were recorded and as
// they are now.
func example(t *testing.T, name string, change func(source string) string, run func(t *testing.T, dir, name string) *exec.Cmd) (recorded, ours []nbformat.Cell) {
	t.Helper()
	nb := published(t, name)
	recorded = code(nb)
	for i := range nb.Cells {
		nb.Cells[i].Outputs = nil
		nb.Cells[i].Source = change(nb.Cells[i].Source)
	}
	dir := t.TempDir()
	if err := nb.Save(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	output(t, run(t, dir, name))
	return recorded, code(read(t, filepath.Join(dir, name)))
}

func byNbconvert(t *testing.T, dir, name string) *exec.Cmd {
	return client(t, dir, "jupyter-nbconvert", "--execute", "--allow-errors", "--to", "notebook", "--inplace", name)
}

// byNbRun keeps what goroutines print after their cell's end, which nbconvert drops.
func byNbRun(t *testing.T, dir, name string) *exec.Cmd {
	return client(t, dir, filepath.Join(built, "paperlab"), "nb", "run", "--allow-errors", name)
}

func unchanged(source string) string { return source }

func code(nb *nbformat.Notebook) (cells []nbformat.Cell) {
	for _, cell := range nb.Cells {
		if cell.Type == nbformat.Code {
			cells = append(cells, cell)
		}
	}
	return cells
}

// texts is all that a cell shows as text.
func texts(cell nbformat.Cell) string {
	var all strings.Builder
	for _, out := range cell.Outputs {
		all.WriteString(out.Text)
		if text, ok := out.Data["text/plain"].(string); ok {
			all.WriteString(text)
		}
		if out.Type == nbformat.Error {
			all.WriteString(out.ErrorName + ": " + out.ErrorValue)
		}
	}
	return all.String()
}

func TestMatrixOperationsOfGophernotesPrintsWhatWasRecorded(t *testing.T) {
	recorded, ours := example(t, "Matrix_Operations.ipynb", unchanged, byNbconvert)
	for i := range recorded {
		if got, want := texts(ours[i]), texts(recorded[i]); got != want {
			t.Errorf("cell %d shows\n%s\nrecorded is\n%s", i+1, got, want)
		}
	}
}

// In the recording all workers are number 4, as their interpreter evaluated the arguments of a go statement too late; and what they
// print is shown by the cell that ran at that time, not by the one that started them.
func TestWorkerPoolsOfGophernotesDoesItsNineJobs(t *testing.T) {
	recorded, ours := example(t, "Worker_Pools.ipynb", unchanged, byNbRun)
	job := regexp.MustCompile(`worker ([1-4]) (processing job \d)\n`)
	jobs := func(cells []nbformat.Cell) (workers, jobs []string) {
		var text strings.Builder
		for _, cell := range cells {
			text.WriteString(texts(cell))
		}
		for _, line := range job.FindAllStringSubmatch(text.String(), -1) {
			workers, jobs = append(workers, line[1]), append(jobs, line[2])
		}
		if rest := job.ReplaceAllString(text.String(), ""); rest != "" {
			t.Errorf("unexpected: %s", rest)
		}
		slices.Sort(jobs)
		slices.Sort(workers)
		return slices.Compact(workers), jobs
	}
	_, want := jobs(recorded)
	workers, got := jobs(ours)
	if !slices.Equal(got, want) || !slices.Equal(workers, []string{"1", "2", "3"}) {
		t.Errorf("workers %v did %v, want 1, 2 and 3 to do %v", workers, got, want)
	}
}

// The pictures are downloaded from a server here, which gives those of the recordings. The plot is of random points. gonum's
// plot.New has returned an error too until its version 0.8.
func TestDisplayOfGophernotesShowsWhatWasRecorded(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(recordedPicture(t)))
	defer server.Close()
	address := regexp.MustCompile(`https?://[^"]+/`)
	recorded, ours := example(t, "Display.ipynb", func(source string) string {
		return strings.Replace(address.ReplaceAllString(source, server.URL+"/"), "p, err := plot.New()", "p := plot.New()", 1)
	}, byNbconvert)
	for i := range recorded {
		if len(ours[i].Outputs) != len(recorded[i].Outputs) {
			t.Errorf("cell %d has %d outputs, recorded are %d:\n%s\n%s", i+1, len(ours[i].Outputs), len(recorded[i].Outputs), ours[i].Source, texts(ours[i]))
			continue
		}
		for j, want := range recorded[i].Outputs {
			compare(t, recorded[i].Source, ours[i].Outputs[j], want)
		}
	}
}

// compare looks for each form of a recorded output in ours.
func compare(t *testing.T, source string, got, want nbformat.Output) {
	t.Helper()
	if got.Type != want.Type {
		t.Errorf("a %s, recorded is a %s, of\n%s", got.Type, want.Type, source)
	}
	for mime, data := range want.Data {
		switch {
		case strings.Contains(source, "displayPlot(p)"):
			if mime != "text/plain" && bounds(t, got.Data[mime]) != bounds(t, data) {
				t.Errorf("a plot of %v, recorded is one of %v", bounds(t, got.Data[mime]), bounds(t, data))
			}
		case mime == "text/plain" && strings.HasPrefix(data.(string), "["): // a picture's bytes
		case mime == "image/png":
			if !bytes.Equal(pixels(t, got.Data[mime]), pixels(t, data)) {
				t.Errorf("another picture than recorded, of\n%s", source)
			}
		case got.Data[mime] != data:
			t.Errorf("%s is %.200q, recorded is %.200q, of\n%s", mime, got.Data[mime], data, source)
		}
	}
}

// recordedPicture answers a request for a picture with the one that the notebook shows for it: the first of its type.
func recordedPicture(t *testing.T) http.HandlerFunc {
	pictures := map[string][]byte{}
	for _, cell := range code(published(t, "Display.ipynb")) {
		for _, out := range cell.Outputs {
			for kind, mime := range map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml"} {
				data, ok := out.Data[mime].(string)
				if !ok || pictures[kind] != nil {
					continue
				}
				pictures[kind] = []byte(data)
				if kind != ".svg" {
					pictures[kind] = decode(t, data)
				}
			}
		}
	}
	return func(w http.ResponseWriter, r *http.Request) { w.Write(pictures[path.Ext(r.URL.Path)]) }
}

func decode(t *testing.T, base64Data any) []byte {
	t.Helper()
	text, _ := base64Data.(string)
	data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(text, "\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func picture(t *testing.T, base64Data any) image.Image {
	t.Helper()
	decoded, _, err := image.Decode(bytes.NewReader(decode(t, base64Data)))
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

func bounds(t *testing.T, base64Data any) image.Rectangle { return picture(t, base64Data).Bounds() }

// pixels are a picture's colors, for comparison.
func pixels(t *testing.T, base64Data any) []byte {
	t.Helper()
	from := picture(t, base64Data)
	to := image.NewRGBA(from.Bounds())
	draw.Draw(to, to.Bounds(), from, from.Bounds().Min, draw.Src)
	return to.Pix
}

// It needs an SDK that is not bound, and a server.
func TestFacialRecognitionOfGophernotesSaysHowToBindItsPackage(t *testing.T) {
	_, ours := example(t, "Facial_Recognition_MachineBox.ipynb", unchanged, byNbconvert)
	for _, want := range []string{"github.com/machinebox/sdk-go/facebox", "paperlab kernel build --with"} {
		if got := texts(ours[0]); !strings.Contains(got, want) {
			t.Errorf("the import says %s, without %s", got, want)
		}
	}
}
