package tfevents_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/tfevents"
)

// Records made by hand and decoded with protoc against TensorBoard's own definitions: wall time 1700000000.5, step 7, tag
// train/loss, value 0.25.
const (
	goldenHeader = "1800000000000000a37f4b220900002040fc54d9411a0d627261696e2e4576656e743a322b353110"
	goldenSimple = "200000000000000029eda9500900002040fc54d94110072a130a110a0a747261696e2f6c6f7373150000803e27fcc89b"
	goldenTensor = "36000000000000004f578cef0900002040fc54d94110072a290a270a0a747261696e2f6c6f7373420a0801120022040000803e4a0d0a090a077363616c61727320010fd767b6"
)

var goldenTime = time.Unix(1700000000, 5e8).UTC()

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWrittenRecordsAreTheGoldenOnes(t *testing.T) {
	var file bytes.Buffer
	w, err := tfevents.NewWriter(&file, goldenTime)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Scalar("train/loss", 7, goldenTime, 0.25); err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(file.Bytes()); got != goldenHeader+goldenSimple {
		t.Errorf("got\n%s\nwant\n%s", got, goldenHeader+goldenSimple)
	}
}

func TestGoldenRecordsAreRead(t *testing.T) {
	r := tfevents.NewReader(bytes.NewReader(unhex(t, goldenHeader+goldenSimple+goldenTensor)))
	want := []tfevents.Event{
		{Time: goldenTime, Version: "brain.Event:2"},
		{Time: goldenTime, Step: 7, Values: []tfevents.Value{{Tag: "train/loss", Data: tfevents.Scalar(0.25)}}},
		{Time: goldenTime, Step: 7, Values: []tfevents.Value{{Tag: "train/loss", Plugin: "scalars", Data: tfevents.Scalar(0.25)}}},
	}
	for i, want := range want {
		if got, err := r.Next(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("event %d: got %+v, %v; want %+v", i, got, err, want)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("after the last event: %v", err)
	}
}

// write gives a file with these events behind its header.
func write(t testing.TB, events func(w *tfevents.Writer) error) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := tfevents.NewWriter(&file, goldenTime)
	if err == nil {
		err = events(w)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// values reads all values of a file.
func values(t testing.TB, file []byte) []tfevents.Value {
	t.Helper()
	var all []tfevents.Value
	for r := tfevents.NewReader(bytes.NewReader(file)); ; {
		event, err := r.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, event.Values...)
	}
}

func TestWhatIsWrittenComesBack(t *testing.T) {
	histogram := tfevents.Histogram{Edges: []float64{-1, 0, 0.5, 2}, Counts: []float64{1, 0, 3}}
	params := map[string]any{"lr": 5e-5, "model": "t5", "fp16": true, "epochs": int64(3), "layers": []any{1.0, 2.0}, "limit": math.Inf(1)}
	file := write(t, func(w *tfevents.Writer) error {
		return errors.Join(
			w.HParams(goldenTime, tfevents.HParams{Group: "seeds", Started: goldenTime, Params: params}, []string{"Training Loss"}),
			w.Scalar("Training Loss", -1, goldenTime, 0.1), w.Scalar("Training Loss", 1<<40, goldenTime, math.NaN()),
			w.Text("summary", 2, goldenTime, "a **paper**"), w.Text("summary", 3, goldenTime, ""),
			w.Image("plot", 3, goldenTime, tfevents.Image{Width: 2, Height: 3, Content: []byte("a PNG")}),
			w.Histogram("weights", 4, goldenTime, histogram),
			w.End(goldenTime, tfevents.End{Status: tfevents.Failure, Ended: goldenTime}),
		)
	})
	got := values(t, file)
	if len(got) != 9 || !math.IsNaN(float64(got[3].Data.(tfevents.Scalar))) {
		t.Fatalf("got %d values: %+v", len(got), got)
	}
	want := []any{
		nil, // the description of the experiment
		tfevents.HParams{Group: "seeds", Started: goldenTime, Params: map[string]any{
			"lr": 5e-5, "model": "t5", "fp16": true, "epochs": 3.0, "layers": "[1,2]", "limit": "+Inf"}},
		tfevents.Scalar(0.1), got[3].Data, tfevents.Text("a **paper**"), tfevents.Text(""),
		tfevents.Image{Width: 2, Height: 3, Content: []byte("a PNG")}, histogram,
		tfevents.End{Status: tfevents.Failure, Ended: goldenTime},
	}
	for i, value := range got {
		if i != 3 && !reflect.DeepEqual(value.Data, want[i]) {
			t.Errorf("%s: got %#v, want %#v", value.Tag, value.Data, want[i])
		}
	}
}

// growing is a file that ends, and goes on when it has grown.
type growing struct{ data []byte }

func (g *growing) Read(p []byte) (int, error) {
	if len(g.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p, g.data)
	g.data = g.data[n:]
	return n, nil
}

func TestAFileMayBeReadWhileItGrowsByteByByte(t *testing.T) {
	whole := unhex(t, goldenHeader+goldenSimple+goldenTensor)
	file := &growing{}
	r := tfevents.NewReader(file)
	events := 0
	for _, b := range whole {
		file.data = []byte{b}
		_, err := r.Next()
		switch {
		case err == nil:
			events++
		case err != io.EOF:
			t.Fatal(err)
		}
	}
	if events != 3 || r.Offset() != int64(len(whole)) {
		t.Errorf("%d events up to byte %d of %d", events, r.Offset(), len(whole))
	}
}

func TestDamageIsReportedWithItsPlace(t *testing.T) {
	for name, c := range map[string]struct {
		at   int // the byte that is wrong, in the second record
		want string
	}{
		"length": {0, "record at byte 40: damaged record: its length"},
		"data":   {20, "record at byte 40: damaged record: its 32 bytes"},
		"sum":    {47, "record at byte 40: damaged record: its 32 bytes"},
	} {
		file := unhex(t, goldenHeader+goldenSimple+goldenTensor)
		file[40+c.at] ^= 1
		r := tfevents.NewReader(bytes.NewReader(file))
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := r.Next(); !errors.Is(err, tracker.ErrCorrupt) || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%s: got %v, want %s", name, err, c.want)
			}
		}
	}
}

func TestHistogramsWithoutEdgesAreRefused(t *testing.T) {
	w, err := tfevents.NewWriter(io.Discard, goldenTime)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Histogram("weights", 1, goldenTime, tfevents.Histogram{Counts: []float64{1}}); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestTagsAndSeries(t *testing.T) {
	for _, c := range []struct {
		key     string
		context tracker.Context
		tag     string
	}{
		{"train/loss", "", "Training Loss"},
		{"eval/loss", "", "Validation Loss"},
		{"train/learning_rate", "", "Learning Rate"},
		{"gpu/memory_mb", "rank=1", "GPU Memory (MB){rank=1}"},
		{"rouge/rouge1", "", "rouge/rouge1"},
		{"a", "dataset=cnn&rank=0", "a{dataset=cnn&rank=0}"},
		{"{x}", "", "{x}"},
		{"a{b}", "", "a{b}"},
	} {
		if tag := tfevents.Tag(c.key, c.context); tag != c.tag {
			t.Errorf("%s: got tag %s, want %s", c.key, tag, c.tag)
		}
		if key, context := tfevents.SeriesOf(c.tag); key != c.key || context != c.context {
			t.Errorf("%s: got %s and context %q", c.tag, key, context)
		}
	}
}
