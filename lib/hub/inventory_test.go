package hub_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"paperlab/lib/hub"
	"paperlab/peers"
)

const commit2 = "89abcdef0123456789abcdef0123456789abcdef"

// twoRevisions fetches a model, which then changes on the hub, twice.
func twoRevisions(t *testing.T) (h *fakeHub, c hub.Cache) {
	t.Helper()
	h = newFakeHub(t, map[string]string{"config.json": "{}", "model.safetensors": "old weights", "vocab.txt": "{}"})
	c = h.cache(t)
	if _, err := c.Fetch(t.Context(), name, "refs/pr/1", nil); err != nil {
		t.Fatal(err)
	}
	h.change(commit2, false, map[string]string{"config.json": "{}", "model.safetensors": "new"})
	if _, err := c.Fetch(t.Context(), name, "main", nil); err != nil {
		t.Fatal(err)
	}
	return h, c
}

func TestTheCacheSaysWhatItHolds(t *testing.T) {
	h, c := twoRevisions(t)
	h.change(commit2, true, papers)
	if _, err := c.Fetch(t.Context(), "datasets/google/tiny@refs/convert/parquet", "", nil); err != nil {
		t.Fatal(err)
	}
	mkdir(t, filepath.Join(c.Dir, "version_diffusers"))
	mkdir(t, filepath.Join(c.Dir, "models--..--x"))
	want := []hub.Repository{
		{Name: "datasets/google/tiny", Bytes: 23 + 40, Revisions: []hub.Revision{
			{Commit: commit2, Refs: []string{"refs/convert/parquet"}, Files: 4, Bytes: 23}}},
		{Name: name, Bytes: 16 + 80, Revisions: []hub.Revision{
			{Commit: commit, Refs: []string{"refs/pr/1"}, Files: 3, Bytes: 15},
			{Commit: commit2, Refs: []string{"main"}, Files: 2, Bytes: 5}}},
	}
	if got, err := c.Repositories(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if got, err := (hub.Cache{Dir: filepath.Join(c.Dir, "absent")}).Repositories(); err != nil || len(got) != 0 {
		t.Errorf("no cache: %v, %v", got, err)
	}
}

func TestRemovingARevisionKeepsWhatAnotherNeeds(t *testing.T) {
	for _, revision := range []string{"refs/pr/1", commit} {
		_, c := twoRevisions(t)
		freed, err := c.Remove(name + "@" + revision)
		if err != nil || freed != int64(len("old weights")) {
			t.Errorf("%s: %d bytes freed, %v", revision, freed, err)
		}
		if _, err := c.Cached(name + "@refs/pr/1"); err == nil {
			t.Error("the ref is still there")
		}
		dir, err := c.Cached(name)
		if err != nil {
			t.Fatal(err)
		}
		for file, want := range map[string]string{"config.json": "{}", "model.safetensors": "new"} {
			if got, err := os.ReadFile(filepath.Join(dir, file)); string(got) != want {
				t.Errorf("%s holds %q, %v", file, got, err)
			}
		}
		if freed, err := c.Remove(name + "@main"); err != nil || freed != 5+40 {
			t.Errorf("the last revision: %d bytes freed, %v", freed, err)
		}
		if left, err := c.Repositories(); len(left) != 0 || err != nil {
			t.Errorf("left: %v, %v", left, err)
		}
	}
}

func TestRemovingAModelRemovesAllOfIt(t *testing.T) {
	_, c := twoRevisions(t)
	if freed, err := c.Remove(name); err != nil || freed != 16+80 {
		t.Errorf("%d bytes freed, %v", freed, err)
	}
	for _, left := range []string{"models--google--tiny", ".locks/models--google--tiny"} {
		if _, err := os.Stat(filepath.Join(c.Dir, left)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", left, err)
		}
	}
}

func TestWhatCannotBeRemovedIsRefused(t *testing.T) {
	_, c := twoRevisions(t)
	for address, says := range map[string]string{
		"google/absent":              "it is not in " + c.Dir,
		"datasets/google/tiny":       "it is not in " + c.Dir,
		name + "@v1":                 "revision v1 is not there",
		name + "@../../x":            "no branch, tag or commit",
		"../tiny":                    "no name of a model",
		"hf://google/tiny/vocab.txt": "only whole repositories",
	} {
		if _, err := c.Remove(address); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want one that says %q", address, err, says)
		}
	}
	lock, err := os.Open(filepath.Join(c.Dir, ".locks", "models--google--tiny", etag("config.json", "{}")+".lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Remove(name); err == nil || !strings.Contains(err.Error(), "another process is fetching") {
		t.Errorf("while somebody fetches: %v", err)
	}
	if all, err := c.Repositories(); err != nil || len(all) != 1 || len(all[0].Revisions) != 2 {
		t.Errorf("refusals removed something: %+v, %v", all, err)
	}
}

// python runs a script in the peers' environment on a cache.
func python(t *testing.T, c hub.Cache, script string) string {
	t.Helper()
	cmd := peers.Command(t, peers.Study, "-c", script)
	cmd.Env = append(cmd.Env, "HF_ENDPOINT="+c.Endpoint, "HF_HUB_CACHE="+c.Dir, "HF_TOKEN="+c.Token, "HF_HUB_OFFLINE=0", "HF_HUB_DISABLE_PROGRESS_BARS=1", "HF_HUB_DISABLE_XET=1")
	return strings.TrimSpace(peers.Output(t, cmd))
}

// scan is what the peer says about a cache: repositories, their revisions and sizes, and what removing one would free.
const scan = `
import json
from huggingface_hub import scan_cache_dir
found = scan_cache_dir()
print(json.dumps({"warnings": len(found.warnings), "frees": found.delete_revisions("` + commit + `").expected_freed_size, "repositories": {
    r.repo_type + " " + r.repo_id: {v.commit_hash: [v.size_on_disk, len(v.files), sorted(v.refs)] for v in r.revisions} for r in found.repos}}))`

func TestACacheOfThePeerIsListedAndPrunedAsThePeerWould(t *testing.T) {
	h := newFakeHub(t, map[string]string{"config.json": "{}", "model.safetensors": "old weights"})
	c := h.cache(t)
	fetch := "from huggingface_hub import snapshot_download; snapshot_download('google/tiny', revision='%')"
	python(t, c, strings.ReplaceAll(fetch, "%", "refs/pr/1"))
	h.change(commit2, false, map[string]string{"config.json": "{}", "model.safetensors": "new"})
	python(t, c, strings.ReplaceAll(fetch, "%", "main"))
	h.change(commit2, true, papers)
	python(t, c, "from huggingface_hub import snapshot_download; snapshot_download('google/tiny', repo_type='dataset')")

	var theirs struct {
		Warnings     int
		Frees        int64
		Repositories map[string]map[string][3]any
	}
	if err := json.Unmarshal([]byte(python(t, c, scan)), &theirs); err != nil {
		t.Fatal(err)
	}
	ours, err := c.Repositories()
	if err != nil || len(ours) != 2 || len(theirs.Repositories) != 2 {
		t.Fatalf("%+v, %v; the peer: %+v", ours, err, theirs)
	}
	for _, repository := range ours {
		kind := "model " + repository.Name
		if name, ok := strings.CutPrefix(repository.Name, "datasets/"); ok {
			kind = "dataset " + name
		}
		for _, r := range repository.Revisions {
			got, _ := json.Marshal([3]any{r.Bytes, r.Files, r.Refs})
			want, _ := json.Marshal(theirs.Repositories[kind][r.Commit])
			if string(got) != string(want) {
				t.Errorf("%s@%s: %s, the peer says %s", kind, r.Commit, got, want)
			}
		}
	}
	if freed, err := c.Remove(name + "@" + commit); err != nil || freed != theirs.Frees {
		t.Errorf("%d bytes freed (%v), the peer would free %d", freed, err, theirs.Frees)
	}
	var after = theirs
	after.Repositories = nil
	if err := json.Unmarshal([]byte(python(t, c, strings.ReplaceAll(scan, commit, commit2))), &after); err != nil {
		t.Fatal(err)
	}
	if after.Warnings != 0 || len(after.Repositories["model "+name]) != 1 {
		t.Errorf("the peer reads what is left as %+v", after)
	}
}
