package table_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"paperlab/lib/bench/table"
)

var measured = table.Table{Results: []table.Result{
	{Work: "rouge", Unit: "pairs/s", Ours: 120_000, Peer: 4_000, PeerName: "rouge_score", Ratio: 30, Reach: 30},
	{Work: "cell", Unit: "ms", Ours: 1, Peer: 3, PeerName: "ipykernel", Ratio: 3, Reach: 3.3},
}}

func TestTheFileIsAListOfTheResults(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bench.json")
	if err := measured.WriteJSON(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	want := []map[string]any{
		{"work": "rouge", "unit": "pairs/s", "ours": 120_000., "peer": 4_000., "peer_name": "rouge_score", "ratio": 30., "reach": 30.},
		{"work": "cell", "unit": "ms", "ours": 1., "peer": 3., "peer_name": "ipykernel", "ratio": 3., "reach": 3.3},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestNoResultsAreAnEmptyList(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bench.json")
	if err := (table.Table{}).WriteJSON(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []table.Result
	if err := json.Unmarshal(text, &got); err != nil || got == nil || len(got) != 0 {
		t.Errorf("%q: %v, %v", text, got, err)
	}
}

func TestAFileThatCannotBeWrittenIsAnError(t *testing.T) {
	if err := measured.WriteJSON(filepath.Join(t.TempDir(), "no", "folder", "bench.json")); err == nil {
		t.Error("no error")
	}
}
