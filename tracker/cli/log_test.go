package cli_test

import (
	"strings"
	"testing"

	"paperlab/tracker/runs"
)

func TestTextsAreLoggedFromTheShell(t *testing.T) {
	inNewFolder(t)
	id := strings.TrimSpace(must(t, "runs", "new"))
	must(t, "log", "--run", id, "--step", "3", "--text", "summary=light = bent", "--text", "prompt=x", "loss=1")
	if out := must(t, "log", "--run", id, "--step", "4", "--text", "summary=light", "--json"); out != `{"id":"`+id+`","step":4,"points":0,"texts":1}`+"\n" {
		t.Errorf("got %q", out)
	}
	store, err := runs.OpenExisting(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	texts, err := store.Texts(t.Context(), id, "summary")
	if err != nil || len(texts) != 2 || texts[0].Body != "light = bent" || texts[0].Step != 3 {
		t.Errorf("got %+v, %v", texts, err)
	}
}
