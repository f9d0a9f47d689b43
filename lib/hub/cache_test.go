package hub_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/hub"
)

// put makes a model in a hub cache, as main.
func put(t *testing.T, cache, repository string) (dir string) {
	t.Helper()
	root := filepath.Join(cache, repository)
	dir = filepath.Join(root, "snapshots", commit)
	mkdir(t, dir)
	mkdir(t, filepath.Join(root, "refs"))
	if err := os.WriteFile(filepath.Join(root, "refs", "main"), []byte(commit), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func mkdir(t *testing.T, dir string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestNamesResolveToFolders(t *testing.T) {
	c := hub.Cache{Dir: t.TempDir(), Models: t.TempDir()}
	flan := put(t, c.Dir, "models--google--flan-t5-small")
	t5 := put(t, c.Dir, "models--t5-small")
	mpnet := put(t, c.Dir, "models--sentence-transformers--all-mpnet-base-v2")
	hubMiniLM := put(t, c.Dir, "models--sentence-transformers--all-MiniLM-L6-v2")
	miniLM := mkdir(t, filepath.Join(c.Models, "all-MiniLM-L6-v2"))
	folder := t.TempDir()
	t.Chdir(t.TempDir())
	mkdir(t, "google/local")

	for model, want := range map[string]string{
		folder:                                   folder,
		"google/local":                           "google/local",
		"google/flan-t5-small":                   flan,
		"t5-small":                               t5,
		"all-MiniLM-L6-v2":                       miniLM,
		"sentence-transformers/all-MiniLM-L6-v2": miniLM,
		"all-mpnet-base-v2":                      mpnet,
		"sentence-transformers/all-mpnet-base-v2": mpnet,
	} {
		if got, err := c.Resolve(model); err != nil || got != want {
			t.Errorf("%s resolves to %q (%v), want %q", model, got, err, want)
		}
	}
	c.Models = ""
	if got, err := c.Resolve("all-MiniLM-L6-v2"); err != nil || got != hubMiniLM {
		t.Errorf("without models of our own it resolves to %q (%v)", got, err)
	}
}

func TestWhatDoesNotResolveSaysWhereItWasLookedForAndWhatToDo(t *testing.T) {
	c := hub.Cache{Dir: t.TempDir(), Models: t.TempDir()}
	broken := put(t, c.Dir, "models--google--broken")
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "model.safetensors")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for model, says := range map[string][]string{
		"google/flan-t5-small": {"./google/flan-t5-small", filepath.Join(c.Dir, "models--google--flan-t5-small"), "`paperlab fetch google/flan-t5-small`"},
		"all-MiniLM-L6-v2":     {filepath.Join(c.Models, "all-MiniLM-L6-v2"), "models--sentence-transformers--all-MiniLM-L6-v2", "`paperlab fetch ORGANISATION/all-MiniLM-L6-v2`"},
		"google/broken":        {"models--google--broken"},
		"./checkpoints/best":   {"no such folder"},
		"a/b/c":                {"no such folder"},
		"../..--x":             {"no such folder"},
		"":                     {"no such folder"},
		file:                   {"is a file"},
	} {
		_, err := c.Resolve(model)
		if err == nil {
			t.Errorf("%q resolves", model)
			continue
		}
		for _, want := range says {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q: error %q does not say %q", model, err, want)
			}
		}
	}
}

func TestTheEnvironmentSaysWhereModelsAre(t *testing.T) {
	home := t.TempDir()
	for _, test := range []struct {
		name string
		env  map[string]string
		want hub.Cache
	}{
		{"nothing set", nil, hub.Cache{Dir: home + "/.cache/huggingface/hub", Models: home + "/.cache/paperlab/models", Endpoint: hub.DefaultEndpoint}},
		{"XDG_CACHE_HOME", map[string]string{"XDG_CACHE_HOME": "/x"}, hub.Cache{Dir: "/x/huggingface/hub", Models: "/x/paperlab/models", Endpoint: hub.DefaultEndpoint}},
		{"HF_HOME", map[string]string{"HF_HOME": "~/hf"}, hub.Cache{Dir: home + "/hf/hub", Models: home + "/.cache/paperlab/models", Endpoint: hub.DefaultEndpoint}},
		{"HF_HUB_CACHE before HF_HOME", map[string]string{"HF_HOME": "/h", "HF_HUB_CACHE": "$HOME/c"}, hub.Cache{Dir: home + "/c", Models: home + "/.cache/paperlab/models", Endpoint: hub.DefaultEndpoint}},
		{"the rest", map[string]string{"HF_ENDPOINT": "https://mirror.example/", "HF_TOKEN": "t", "HF_HUB_OFFLINE": "yes", "XDG_CACHE_HOME": "/x"},
			hub.Cache{Dir: "/x/huggingface/hub", Models: "/x/paperlab/models", Endpoint: "https://mirror.example", Token: "t", Offline: true}},
		{"no home", map[string]string{"HOME": ""}, hub.Cache{Endpoint: hub.DefaultEndpoint}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, key := range []string{"XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_TOKEN", "HF_TOKEN_PATH", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "HF_HUB_OFFLINE"} {
				t.Setenv(key, "")
			}
			t.Setenv("HOME", home)
			for key, value := range test.env {
				t.Setenv(key, value)
			}
			if got := hub.Default(); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestTheTokenIsFoundWhereThePeerFindsIt(t *testing.T) {
	home := t.TempDir()
	write := func(name, content string) string {
		t.Helper()
		path := filepath.Join(home, name)
		mkdir(t, filepath.Dir(path))
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write(".cache/huggingface/token", "of-login\r\n")
	write("hf/token", " of-home ")
	other := write("elsewhere", "of-path\n")
	for _, test := range []struct {
		name string
		env  map[string]string
		want string
	}{
		{"the file that the login wrote", nil, "of-login"},
		{"its place moves with HF_HOME", map[string]string{"HF_HOME": home + "/hf"}, "of-home"},
		{"HF_TOKEN_PATH names another", map[string]string{"HF_HOME": home + "/hf", "HF_TOKEN_PATH": other}, "of-path"},
		{"HF_TOKEN comes before files", map[string]string{"HF_TOKEN": "of-env\n", "HF_TOKEN_PATH": other}, "of-env"},
		{"its old name", map[string]string{"HUGGING_FACE_HUB_TOKEN": "old"}, "old"},
		{"there is none", map[string]string{"HF_TOKEN_PATH": home + "/absent"}, ""},
		{"it is not to be used unasked", map[string]string{"HF_TOKEN": "of-env", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, key := range []string{"XDG_CACHE_HOME", "HF_HOME", "HF_TOKEN", "HF_TOKEN_PATH", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_DISABLE_IMPLICIT_TOKEN"} {
				t.Setenv(key, "")
			}
			t.Setenv("HOME", home)
			for key, value := range test.env {
				t.Setenv(key, value)
			}
			if got := hub.Default().Token; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzResolve: a name leads to itself, if it is a folder, or into one of the cache's folders, and nowhere else.
func FuzzResolve(f *testing.F) {
	for _, model := range []string{"google/flan-t5-small", "all-MiniLM-L6-v2", "../x", "a--b", "sentence-transformers/..", ".git"} {
		f.Add(model)
	}
	f.Fuzz(func(t *testing.T, model string) {
		c := hub.Cache{Dir: t.TempDir(), Models: t.TempDir()}
		dir, err := c.Resolve(model)
		if err == nil && dir != model && !strings.HasPrefix(dir, c.Dir+"/") && !strings.HasPrefix(dir, c.Models+"/") {
			t.Errorf("%q leads to %s", model, dir)
		}
	})
}
