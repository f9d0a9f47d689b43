package tfevents_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"paperlab/peers"
	"paperlab/tracker/tfevents"
)

func TestTensorBoardReadsWhatIsWritten(t *testing.T) {
	file := write(t, func(w *tfevents.Writer) error {
		h := tfevents.HParams{Started: goldenTime, Params: map[string]any{"lr": 0.5, "model": "t5", "fp16": true}}
		for _, err := range []error{
			w.HParams(goldenTime, h, []string{"Training Loss"}),
			w.Scalar("Training Loss", 1, goldenTime, 2.5), w.Scalar("Training Loss", 2, goldenTime, 0.1),
			w.Text("summary", 2, goldenTime, "a **paper**"), w.Text("summary", 3, goldenTime, "another"),
			w.Image("plot", 3, goldenTime, tfevents.Image{Width: 2, Height: 3, Content: []byte("a PNG")}),
			w.Histogram("weights", 4, goldenTime, tfevents.Histogram{Edges: []float64{-1, 0, 2}, Counts: []float64{1, 3}}),
			w.End(goldenTime, tfevents.End{Status: tfevents.Success, Ended: goldenTime.Add(time.Minute)}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, tfevents.FileName(goldenTime, "host", "1")), file, 0o644); err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal([]byte(peers.Run(t, peers.Tracker, "testdata/read.py", folder)), &got); err != nil {
		t.Fatal(err)
	}
	const text = `{
		"scalars": {"Training Loss": [[1700000000.5, 1, 2.5], [1700000000.5, 2, 0.10000000149011612]]},
		"images": {"plot": [[3, 2, 3, 5]]},
		"histograms": {"weights": [[4, -1, 2, [0, 2], [1, 3]]]},
		"text": {"summary": [[2, ["a **paper**"]], [3, ["another"]]]},
		"migrated": {
			"scalars": ["Training Loss"], "images": ["plot"], "histograms": ["weights"], "text": ["summary"],
			"hparams": ["_hparams_/experiment", "_hparams_/session_end_info", "_hparams_/session_start_info"]},
		"hparams": {
			"_hparams_/experiment": {"experiment": {"time_created_secs": 1700000000.5,
				"hparam_infos": [{"name": "fp16", "type": "DATA_TYPE_BOOL"}, {"name": "lr", "type": "DATA_TYPE_FLOAT64"}, {"name": "model", "type": "DATA_TYPE_STRING"}],
				"metric_infos": [{"name": {"tag": "Training Loss"}}]}},
			"_hparams_/session_start_info": {"session_start_info": {"hparams": {"fp16": true, "lr": 0.5, "model": "t5"}, "start_time_secs": 1700000000.5}},
			"_hparams_/session_end_info": {"session_end_info": {"status": "STATUS_SUCCESS", "end_time_secs": 1700000060.5}}}}`
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

// logged is a value with its event's step.
type logged struct {
	step int64
	tag  string
	data any
}

func TestFilesOfTensorBoardsOwnWriterAreRead(t *testing.T) {
	png := unhex(t, "89504e470d0a1a0a0000000d4948445200000002000000030802000000")
	picture := tfevents.Image{Width: 2, Height: 3, Content: png}
	for form, want := range map[string][]logged{
		"torch": {
			{0, "Training Loss", tfevents.Scalar(2.5)}, {1, "Training Loss", tfevents.Scalar(0.1)},
			{2, "summary/text_summary", tfevents.Text("a **paper**")},
			{3, "picture", picture},
			{4, "weights", tfevents.Histogram{Edges: []float64{-1, 0, 1, 2}, Counts: []float64{1, 2, 3}}},
			{0, "_hparams_/session_start_info", tfevents.HParams{
				Group:   "", // one made of the parameters, not compared
				Started: time.Unix(1700000000, 0).UTC(), Params: map[string]any{"lr": 5e-5, "model": "t5", "fp16": true}}},
			{0, "_hparams_/session_end_info", tfevents.End{Status: tfevents.Success, Ended: time.Unix(1700000060, 0).UTC()}},
		},
		"tf2": {
			{0, "epoch_loss", tfevents.Scalar(2.5)}, {1, "epoch_loss", tfevents.Scalar(0.1)}, {2, "epoch_loss", tfevents.Scalar(0)},
			{0, "notes", tfevents.Text("first")}, {1, "notes", tfevents.Text("second")},
			{4, "weights", tfevents.Histogram{Edges: []float64{0, 1, 2, 3}, Counts: []float64{4, 0, 5}}},
			{5, "pictures", picture}, {5, "pictures", picture},
		},
	} {
		t.Run(form, func(t *testing.T) {
			path := t.TempDir()
			peers.Run(t, peers.Tracker, "testdata/write.py", form, path)
			var got []logged
			folder := tfevents.OpenFolder(path)
			err := folder.Read(t.Context(), func(_ int, e tfevents.Event) error {
				for _, v := range e.Values {
					if h, ok := v.Data.(tfevents.HParams); ok {
						h.Group = ""
						v.Data = h
					}
					if s, ok := v.Data.(tfevents.Scalar); !ok || s-s == 0 { // neither NaN nor infinite
						got = append(got, logged{e.Step, v.Tag, v.Data})
					}
				}
				return nil
			})
			if err != nil || folder.Unread() != 0 {
				t.Fatal(err, folder.Unread())
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got\n%+v\nwant\n%+v", got, want)
			}
		})
	}
}
