package compute_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckpointsAreListedVerifiedAndCopied(t *testing.T) {
	dir := folder(t)
	must(t, trainT5(tinyT5(t, dir), articles(t, dir, 17))...)
	type listed struct {
		Folder string
		Bytes  int64
		Error  string
	}
	all := decode[listed](t, must(t, "checkpoints", "ls", "--json"))
	if len(all) != 2 || all[0].Folder != "model_checkpoints/summarization_model/checkpoint-5" || all[0].Bytes == 0 || all[0].Error != "" {
		t.Fatalf("%+v", all)
	}
	if got := must(t, "checkpoints", "verify", all[0].Folder, all[1].Folder); strings.Count(got, " is whole\n") != 2 {
		t.Errorf("%q", got)
	}
	copied := filepath.Join(t.TempDir(), "drive")
	if got := must(t, "checkpoints", "copy", copied); !strings.Contains(got, "SHA-256 verified (0 were there already)") {
		t.Errorf("%q", got)
	}
	if got := must(t, "checkpoints", "verify", filepath.Join(copied, "summarization_model/checkpoint-10")); !strings.Contains(got, "is whole") {
		t.Errorf("%q", got)
	}

	if err := os.WriteFile(filepath.Join(all[1].Folder, "config.json"), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if text := must(t, "checkpoints", "ls", "model_checkpoints/summarization_model"); !strings.Contains(text, "whole") || !strings.Contains(text, "config.json has changed") {
		t.Errorf("%s", text)
	}
	run("checkpoints", "verify", all[1].Folder).wantError(t, 1, "checkpoint-10", "config.json")
	run("checkpoints", "verify", "model_checkpoints").wantError(t, 1, "no manifest.json", "checkpoint-STEP")
}

func TestTheVerbsOfCheckpointsSayWhatIsWrong(t *testing.T) {
	folder(t)
	run("checkpoints", "copy", "elsewhere").wantError(t, 1, "model_checkpoints")
	run("checkpoints", "copy").wantError(t, 2, "checkpoints copy: wants DEST, got nothing")
	run("checkpoints", "verify", "gone").wantError(t, 1, "gone")
	run("checkpoints", "ls", "gone").wantError(t, 1, "gone")
	if got := run("checkpoints", "ls"); got.exit != 0 || got.out != "" || !strings.Contains(got.err, "no checkpoints are in model_checkpoints") {
		t.Errorf("%+v", got)
	}
}
