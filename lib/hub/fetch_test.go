package hub_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"paperlab/lib/hub"
	"paperlab/peers"
)

var tiny = map[string]string{
	"config.json":               `{"model_type":"t5"}`,
	"vocab with space.txt":      "a\nb\n",
	"empty.txt":                 "",
	"spiece.model":              "not a real one",
	"1_Pooling/config.json":     `{}`,
	"model.safetensors":         strings.Repeat("weights", 10_000),
	"2_Dense/pytorch_model.bin": strings.Repeat("dense", 10),
	"pytorch_model.bin":         "as safetensors too",
	"pytorch_model.fp16.bin":    "another precision",
	"tf_model.h5":               "another framework",
	"onnx/model.onnx":           "another framework",
	"README.md":                 "prose",
}

var taken = []string{"1_Pooling/config.json", "2_Dense/pytorch_model.bin", "config.json", "empty.txt", "model.safetensors", "spiece.model", "vocab with space.txt"}

func TestFetchBringsWhatPaperlabReads(t *testing.T) {
	h := newFakeHub(t, tiny)
	c := h.cache(t)
	var last [2]int64
	dir, err := c.Fetch(t.Context(), name, "", func(done, total int64) { last = [2]int64{done, total} })
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(c.Dir, "models--google--tiny", "snapshots", commit); dir != want {
		t.Errorf("folder %s, want %s", dir, want)
	}
	var got []string
	var all int64
	err = filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := filepath.Rel(dir, path)
		got = append(got, file)
		content, err2 := os.ReadFile(path)
		if string(content) != tiny[file] {
			t.Errorf("%s holds %.40q", file, content)
		}
		all += int64(len(content))
		target, err3 := os.Readlink(path)
		if !strings.HasSuffix(target, "../blobs/"+etag(file, tiny[file])) || filepath.IsAbs(target) {
			t.Errorf("%s links to %s", file, target)
		}
		return errors.Join(err, err2, err3)
	})
	if err != nil || !slices.Equal(got, taken) {
		t.Errorf("fetched %q (%v), want %q", got, err, taken)
	}
	if last != [2]int64{all, all} {
		t.Errorf("the last progress is %v of %d", last, all)
	}
	if resolved, err := c.Resolve(name); err != nil || resolved != dir {
		t.Errorf("resolves to %q, %v", resolved, err)
	}
}

func TestFetchingAgainAsksForTheListOnly(t *testing.T) {
	h := newFakeHub(t, tiny)
	c := h.cache(t)
	first, err := c.Fetch(t.Context(), name, "main", nil)
	if err != nil {
		t.Fatal(err)
	}
	h.requests()
	again, err := c.Fetch(t.Context(), name, "main", nil)
	if err != nil || again != first {
		t.Errorf("%q, %v", again, err)
	}
	if got := h.requests(); !slices.Equal(got, []string{"GET /api/models/google/tiny/revision/main"}) {
		t.Errorf("asked for %q", got)
	}
}

func TestANewCommitBringsOnlyWhatChanged(t *testing.T) {
	h := newFakeHub(t, map[string]string{"config.json": "1", "model.safetensors": "weights"})
	c := h.cache(t)
	old, err := c.Fetch(t.Context(), name, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	h.commit = strings.Repeat("f", 40)
	h.files = map[string]string{"config.json": "2", "model.safetensors": "weights"}
	h.requests()
	dir, err := c.Fetch(t.Context(), name, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, request := range h.requests() {
		if request == "GET /model.safetensors" {
			t.Error("fetched the weights again")
		}
	}
	for path, want := range map[string]string{old: "1", dir: "2"} {
		if got, err := os.ReadFile(filepath.Join(path, "config.json")); string(got) != want {
			t.Errorf("%s holds %q (%v), want %q", path, got, err, want)
		}
	}
	if resolved, _ := c.Resolve(name); resolved != dir {
		t.Errorf("main is still %s", resolved)
	}
}

func TestBrokenConnectionsAreContinued(t *testing.T) {
	for _, c := range []struct {
		name    string
		noRange bool
		cuts    []int
		want    []string
	}{
		{"where they broke", false, []int{100, 50}, []string{"GET /model.safetensors", "GET /model.safetensors bytes=100-", "GET /model.safetensors bytes=150-"}},
		{"from the start where the server knows no ranges", true, []int{100}, []string{"GET /model.safetensors", "GET /model.safetensors bytes=100-"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newFakeHub(t, map[string]string{"model.safetensors": tiny["model.safetensors"]})
			h.cuts, h.noRange = c.cuts, c.noRange
			dir, err := h.cache(t).Fetch(t.Context(), name, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := os.ReadFile(filepath.Join(dir, "model.safetensors")); string(got) != tiny["model.safetensors"] {
				t.Error("the file is not what the hub has")
			}
			got := slices.DeleteFunc(h.requests(), func(s string) bool { return !strings.HasPrefix(s, "GET /model") })
			if !slices.Equal(got, c.want) {
				t.Errorf("asked for %q, want %q", got, c.want)
			}
		})
	}
}

func TestAnotherRangeThanAskedForIsRefused(t *testing.T) {
	h := newFakeHub(t, map[string]string{"model.safetensors": tiny["model.safetensors"]})
	h.cuts, h.shift = []int{100}, 7
	c := h.cache(t)
	if _, err := c.Fetch(t.Context(), name, "", nil); err == nil || !strings.Contains(err.Error(), `asked for bytes from 100, got "bytes 107-69999/70000"`) {
		t.Errorf("error %v", err)
	}
	h.shift = 0
	if _, err := c.Fetch(t.Context(), name, "", nil); err != nil { // what is there was not spoiled
		t.Error(err)
	}
}

func TestAFetchThatFailedIsContinuedByTheNext(t *testing.T) {
	h := newFakeHub(t, map[string]string{"model.safetensors": tiny["model.safetensors"]})
	c := h.cache(t)
	h.cuts = []int{100, 0}
	if _, err := c.Fetch(t.Context(), name, "", nil); err == nil || !strings.Contains(err.Error(), "model.safetensors: 100 of 70000 bytes are there") {
		t.Fatalf("error %v", err)
	}
	if _, err := c.Resolve(name); err == nil {
		t.Error("a model that is not whole resolves")
	}
	h.requests()
	if _, err := c.Fetch(t.Context(), name, "", nil); err != nil {
		t.Fatal(err)
	}
	if got := h.requests(); got[len(got)-1] != "GET /model.safetensors bytes=100-" {
		t.Errorf("asked for %q", got)
	}
}

func TestCancellingStopsAFetchAndKeepsWhatArrived(t *testing.T) {
	h := newFakeHub(t, map[string]string{"model.safetensors": tiny["model.safetensors"]})
	c := h.cache(t)
	h.cuts, h.stall = []int{100}, true
	ctx, cancel := context.WithCancel(t.Context())
	_, err := c.Fetch(ctx, name, "", func(done, _ int64) {
		if done == 100 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	part := filepath.Join(c.Dir, "models--google--tiny", "blobs", etag("model.safetensors", tiny["model.safetensors"])+".incomplete")
	if stat, err := os.Stat(part); err != nil || stat.Size() != 100 {
		t.Errorf("%v, %v", stat, err)
	}
}

func TestDamagedDownloadsAreRefusedAndForgotten(t *testing.T) {
	h := newFakeHub(t, map[string]string{"model.safetensors": "weights"})
	c := h.cache(t)
	h.damage = true
	if _, err := c.Fetch(t.Context(), name, "", nil); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("error %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(c.Dir, "*", "blobs", "*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	h.damage = false
	if _, err := c.Fetch(t.Context(), name, "", nil); err != nil {
		t.Error(err)
	}
}

func TestTheTokenIsSentToTheHubAndToNoOtherHost(t *testing.T) {
	h := newFakeHub(t, tiny)
	h.token = "hf_secret"
	c := h.cache(t)
	if _, err := c.Fetch(t.Context(), name, "", nil); err == nil || !strings.Contains(err.Error(), "accept its terms at "+c.Endpoint+"/google/tiny and set HF_TOKEN") {
		t.Errorf("without a token: %v", err)
	}
	c.Token = "hf_secret"
	if _, err := c.Fetch(t.Context(), name, "", nil); err != nil {
		t.Error(err)
	}
	if h.cdnSawToken {
		t.Error("the other host saw the token")
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	h := newFakeHub(t, tiny)
	c := h.cache(t)
	for _, test := range []struct{ name, revision, says string }{
		{"google/absent", "", "set HF_TOKEN to a token that may read it"},
		{"absent", "", "give its organisation too"},
		{name, "absent", "RevisionNotFound it is"},
		{"../etc", "", "no name of a model"},
		{name + "@main", "v1", "two revisions are named"},
		{name, "../../x", "no branch, tag or commit"},
	} {
		if _, err := c.Fetch(t.Context(), test.name, test.revision, nil); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s at %s: error %v, want one that says %q", test.name, test.revision, err, test.says)
		}
	}
	if _, err := (hub.Cache{}).Fetch(t.Context(), name, "", nil); err == nil || !strings.Contains(err.Error(), "HF_HUB_CACHE") {
		t.Errorf("without a cache: %v", err)
	}
}

func TestAHubThatCannotBeReachedIsSaid(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	c := hub.Cache{Dir: t.TempDir(), Endpoint: "http://" + listener.Addr().String()}
	if _, err := c.Fetch(t.Context(), name, "", nil); err == nil || !strings.Contains(err.Error(), "is this machine online?") {
		t.Errorf("error %v", err)
	}
}

func TestAHubThatListsPathsOutsideTheModelIsRefused(t *testing.T) {
	for _, path := range []string{"../../evil.json", "/tmp/evil.json", "a/../../../evil.json", ".."} {
		h := newFakeHub(t, map[string]string{"config.json": "{}", path: "{}"})
		c := h.cache(t)
		_, err := c.Fetch(t.Context(), name, "", nil)
		if path == ".." { // is nothing that is read
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), "outside") {
			t.Errorf("%s: error %v", path, err)
		}
		if made, _ := os.ReadDir(c.Dir); len(made) != 0 {
			t.Errorf("%s: something was written", path)
		}
	}
}

func TestAHubThatIsWrongAboutALengthIsNotBelieved(t *testing.T) {
	for wrong, says := range map[int]string{-3: "damaged", 3: "7 of 10 bytes are there"} {
		h := newFakeHub(t, map[string]string{"model.safetensors": "weights"})
		h.longer = wrong
		c := h.cache(t)
		if _, err := c.Fetch(t.Context(), name, "", nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+d bytes: error %v, want one that says %q", wrong, err, says)
		}
		if _, err := c.Resolve(name); err == nil {
			t.Errorf("%+d bytes: the model resolves", wrong)
		}
	}
}

func TestAHubThatAsksToWaitIsAskedAgain(t *testing.T) {
	h := newFakeHub(t, tiny)
	h.busy = map[string]string{"Retry-After": "0"}
	h.refusals = 3
	if _, err := h.cache(t).Fetch(t.Context(), name, "", nil); err != nil {
		t.Error(err)
	}
	h.refusals = 5
	if _, err := h.cache(t).Fetch(t.Context(), name, "", nil); err == nil || !strings.Contains(err.Error(), "429") || !strings.Contains(err.Error(), "set HF_TOKEN") {
		t.Errorf("after five refusals: %v", err)
	}
	h.requests()
	h.busy, h.refusals = map[string]string{"RateLimit": `"api";r=0;t=301`}, 1
	if _, err := h.cache(t).Fetch(t.Context(), name, "", nil); err == nil || len(h.requests()) != 1 {
		t.Errorf("a wait of more than five minutes: %v", err)
	}
	h.busy, h.refusals = map[string]string{"RateLimit": `"api";r=0;t=0`}, 1
	if _, err := h.cache(t).Fetch(t.Context(), name, "", nil); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	h.busy, h.refusals, h.onRefusal = map[string]string{"Retry-After": "200"}, 1, cancel
	if _, err := h.cache(t).Fetch(ctx, name, "", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a wait that was canceled: %v", err)
	}
}

func TestFilesComeInParallelAndEqualOnesOnce(t *testing.T) {
	files := map[string]string{}
	for _, file := range []string{"a", "b", "c", "d"} {
		files[file+"/model.safetensors"] = "weights of " + file
		files[file+"/config.json"] = "{}"
	}
	h := newFakeHub(t, files)
	h.together = make(chan struct{}, 4) // each waits until four are asked for
	dir, err := h.cache(t).Fetch(t.Context(), name, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	configs := 0
	for _, request := range h.requests() {
		if strings.HasPrefix(request, "GET /google/renamed/") && strings.HasSuffix(request, "config.json") {
			configs++
		}
	}
	if configs != 1 {
		t.Errorf("four equal files were asked for %d times", configs)
	}
	for file, want := range files {
		if got, err := os.ReadFile(filepath.Join(dir, file)); string(got) != want {
			t.Errorf("%s holds %q, %v", file, got, err)
		}
	}
}

func TestOfflineUsesTheCacheOnly(t *testing.T) {
	h := newFakeHub(t, tiny)
	c := h.cache(t)
	c.Offline = true
	if _, err := c.Fetch(t.Context(), name, "", nil); err == nil || !strings.Contains(err.Error(), "HF_HUB_OFFLINE") {
		t.Errorf("error %v", err)
	}
	c.Offline = false
	want, err := c.Fetch(t.Context(), name, "refs/pr/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	h.requests()
	c.Offline = true
	for _, revision := range []string{"refs/pr/1", commit} {
		if dir, err := c.Fetch(t.Context(), name, revision, nil); err != nil || dir != want {
			t.Errorf("%s: %q, %v", revision, dir, err)
		}
	}
	if got := h.requests(); len(got) != 0 {
		t.Errorf("asked for %q", got)
	}
}

func TestASecondProcessThatFetchesTheSameFileIsRefused(t *testing.T) {
	h := newFakeHub(t, map[string]string{"config.json": "{}"})
	c := h.cache(t)
	locks := filepath.Join(c.Dir, ".locks", "models--google--tiny")
	if err := os.MkdirAll(locks, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(locks, etag("config.json", "{}")+".lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Fetch(t.Context(), name, "", nil); err == nil || !strings.Contains(err.Error(), "another process is fetching it") {
		t.Errorf("error %v", err)
	}
}

func TestThePeerSharesTheCache(t *testing.T) {
	snapshotDownload := func(c hub.Cache, offline string) string {
		script := "from huggingface_hub import snapshot_download; print(snapshot_download('google/tiny', allow_patterns=['*.json', 'model.safetensors']))"
		cmd := peers.Command(t, peers.Study, "-c", script)
		cmd.Env = append(cmd.Env, "HF_ENDPOINT="+c.Endpoint, "HF_HUB_CACHE="+c.Dir, "HF_HUB_OFFLINE="+offline, "HF_HUB_DISABLE_PROGRESS_BARS=1", "HF_HUB_DISABLE_XET=1")
		return strings.TrimSpace(peers.Output(t, cmd))
	}
	h := newFakeHub(t, tiny)
	ours := h.cache(t)
	dir, err := ours.Fetch(t.Context(), name, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := snapshotDownload(ours, "1"); got != dir {
		t.Errorf("the peer finds %q, we fetched %q", got, dir)
	}

	theirs := h.cache(t)
	dir = snapshotDownload(theirs, "0")
	if got, err := theirs.Resolve(name); err != nil || got != dir {
		t.Errorf("we find %q (%v), the peer fetched %q", got, err, dir)
	}
	h.requests()
	if _, err := theirs.Fetch(t.Context(), name, "", nil); err != nil {
		t.Fatal(err)
	}
	for _, request := range h.requests() {
		if strings.HasPrefix(request, "GET /model.safetensors") {
			t.Error("the weights that the peer fetched were fetched again")
		}
	}
}
