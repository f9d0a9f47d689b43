package hub_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/hub"
)

func TestAddressesAreReadAsPeopleAndPythonWriteThem(t *testing.T) {
	for text, want := range map[string]hub.Address{
		"t5-small":                                       {Name: "t5-small"},
		"google/flan-t5-small":                           {Name: "google/flan-t5-small"},
		"google/flan-t5-small@refs/pr/1":                 {Name: "google/flan-t5-small", Revision: "refs/pr/1"},
		"datasets/squad":                                 {Dataset: true, Name: "squad"},
		"datasets/allenai/scitldr@v1":                    {Dataset: true, Name: "allenai/scitldr", Revision: "v1"},
		"hf://google/flan-t5-small/config.json":          {Name: "google/flan-t5-small", Path: "config.json"},
		"hf://datasets/a/b":                              {Dataset: true, Name: "a/b"},
		"hf://datasets/a/b/data/x.parquet":               {Dataset: true, Name: "a/b", Path: "data/x.parquet"},
		"hf://datasets/a/b@v1/data":                      {Dataset: true, Name: "a/b", Revision: "v1", Path: "data"},
		"hf://datasets/a/b@~parquet/default/train":       {Dataset: true, Name: "a/b", Revision: hub.Parquet, Path: "default/train"},
		"hf://datasets/a/b@refs/convert/parquet/default": {Dataset: true, Name: "a/b", Revision: hub.Parquet, Path: "default"},
		"hf://datasets/a/b@refs%2Fpr%2F7/x":              {Dataset: true, Name: "a/b", Revision: "refs/pr/7", Path: "x"},
		"scientific_papers/arxiv":                        {Dataset: true, Name: "armanc/scientific_papers", Revision: hub.Parquet, Path: "arxiv"},
	} {
		if got, err := hub.ParseAddress(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "hf://", "a/b/c", "datasets/a/b/c", "../x", "hf://datasets/a/b/../../x", "hf://datasets/a/b//x",
		"hf://a/b@../x", "a/b@", "a/b@%zz", "a/b@v1/x", "a--b/c", "hf://datasets/a/b@%2e%2e%2fx"} {
		if got, err := hub.ParseAddress(text); err == nil {
			t.Errorf("%q is taken as %+v", text, got)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"google/flan-t5-small", "hf://datasets/a/b@~parquet/x", "hf://a/b@refs/pr/1/..", "datasets/a@b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := hub.ParseAddress(text)
		if err != nil {
			return
		}
		for _, part := range []string{a.Name, a.Revision, a.Path} {
			if part != "" && !filepath.IsLocal(part) {
				t.Errorf("%q leads out of the cache: %+v", text, a)
			}
		}
	})
}

var papers = map[string]string{
	"README.md":                  "prose",
	"dataset_infos.json":         "{}",
	"arxiv/train/0000.parquet":   "train 0",
	"arxiv/train/0001.parquet":   "train 1",
	"arxiv/test/0000.parquet":    "test",
	"pubmed/train/0000.parquet":  "other",
	"raw/papers.jsonl.gz":        "lines",
	"raw/download.py":            "code",
	"raw/validation/papers.json": "one more",
}

func TestADataSetComesAsItsParquetFiles(t *testing.T) {
	h := newFakeHub(t, papers)
	h.dataset = true
	for address, want := range map[string]string{
		"datasets/google/tiny":                                "arxiv/test/0000.parquet arxiv/train/0000.parquet arxiv/train/0001.parquet pubmed/train/0000.parquet",
		"hf://datasets/google/tiny@~parquet/arxiv":            "test/0000.parquet train/0000.parquet train/0001.parquet",
		"hf://datasets/google/tiny/raw":                       "papers.jsonl.gz validation/papers.json",
		"hf://datasets/google/tiny/raw/papers.jsonl.gz":       ".",
		"hf://datasets/google/tiny@" + commit + "/arxiv/test": "0000.parquet",
	} {
		c := h.cache(t)
		path, err := c.Fetch(t.Context(), address, "", nil)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		var got []string
		err = filepath.WalkDir(path, func(file string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			rel, err := filepath.Rel(path, file)
			got = append(got, rel)
			return err
		})
		if strings.Join(got, " ") != want || err != nil {
			t.Errorf("%s brings %q (%v), want %q", address, got, err, want)
		}
		if cached, err := c.Cached(address); cached != path || err != nil {
			t.Errorf("%s is at %q, %v; want %q", address, cached, err, path)
		}
		c.Offline = true
		if again, err := c.Fetch(t.Context(), address, "", nil); again != path || err != nil {
			t.Errorf("%s offline: %q, %v", address, again, err)
		}
		if !strings.HasPrefix(path, filepath.Join(c.Dir, "datasets--google--tiny", "snapshots", commit)) {
			t.Errorf("%s is at %s", address, path)
		}
	}
}

func TestWhatADataSetLacksIsSaid(t *testing.T) {
	h := newFakeHub(t, papers)
	h.dataset = true
	c := h.cache(t)
	if _, err := c.Fetch(t.Context(), "hf://datasets/google/tiny/absent", "", nil); err == nil || !strings.Contains(err.Error(), "holds nothing there") {
		t.Errorf("%v", err)
	}
	if _, err := c.Cached("hf://datasets/google/tiny/arxiv"); err == nil || !strings.Contains(err.Error(), "`paperlab fetch hf://datasets/google/tiny/arxiv`") {
		t.Errorf("%v", err)
	}
	if _, err := c.Cached("hf://nothing"); err == nil {
		t.Error("an address of nothing is in the cache")
	}
}

func TestThePeerFindsTheDataSetThatWasFetched(t *testing.T) {
	h := newFakeHub(t, papers)
	h.dataset = true
	c := h.cache(t)
	dir, err := c.Fetch(t.Context(), "hf://datasets/google/tiny@~parquet/arxiv", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	got := python(t, c, `
from huggingface_hub import hf_hub_download
print(hf_hub_download("google/tiny", "arxiv/test/0000.parquet", repo_type="dataset", revision="refs/convert/parquet", local_files_only=True))`)
	if want := filepath.Join(dir, "test", "0000.parquet"); got != want {
		t.Errorf("the peer finds %s, want %s", got, want)
	}
}
