package hub

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// DefaultEndpoint is the public hub.
const DefaultEndpoint = "https://huggingface.co"

// Cache says where models and data sets are kept and where they come from. It may be shared between goroutines and processes.
type Cache struct {
	Dir      string // the hub's cache folder; empty if there is none
	Models   string // Paperlab's own models, one folder each, which set-up fills; empty if there is none
	Endpoint string // the hub's address
	Token    string // sent to Endpoint, and to no other host; empty where there is none
	Offline  bool   // Fetch stays off the network
}

// Default reads the environment as huggingface_hub does: HF_HUB_CACHE, else HF_HOME/hub, else
// ${XDG_CACHE_HOME:-~/.cache}/huggingface/hub; HF_ENDPOINT and HF_HUB_OFFLINE; HF_TOKEN, else the file HF_TOKEN_PATH, else
// HF_HOME/token, unless HF_HUB_DISABLE_IMPLICIT_TOKEN is set. Paperlab's own models are in
// ${XDG_CACHE_HOME:-~/.cache}/paperlab/models. A folder that would need a home folder stays empty if there is none.
func Default() Cache {
	cache, home := "", ""
	if dir, err := os.UserCacheDir(); err == nil {
		cache = dir
		home = filepath.Join(dir, "huggingface")
	}
	c := Cache{
		Endpoint: strings.TrimRight(os.Getenv("HF_ENDPOINT"), "/"),
		Offline:  yes("HF_HUB_OFFLINE"),
	}
	if c.Endpoint == "" {
		c.Endpoint = DefaultEndpoint
	}
	if cache != "" {
		c.Models = filepath.Join(cache, "paperlab", "models")
	}
	if env := os.Getenv("HF_HOME"); env != "" {
		home = expand(env)
	}
	if home != "" {
		c.Dir = filepath.Join(home, "hub")
	}
	if !yes("HF_HUB_DISABLE_IMPLICIT_TOKEN") {
		c.Token = token(home)
	}
	if env := os.Getenv("HF_HUB_CACHE"); env != "" {
		c.Dir = expand(env)
	}
	return c
}

// expand replaces variables and a leading ~, which a path from an env file still holds.
func expand(path string) string {
	path = os.ExpandEnv(path)
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		path = filepath.Join(os.Getenv("HOME"), rest)
	}
	return path
}

// Resolve returns the folder of a model. A folder is taken as it is. A name with an organisation, such as
// google/flan-t5-small, is looked up in the hub's cache, where refs/main says which snapshot counts. A short name,
// such as all-MiniLM-L6-v2, is looked up among Paperlab's own models, then in the hub's cache, there also as one of
// the organisation sentence-transformers, which Sentence-Transformers lets its users leave out. What is nowhere is an
// error that lists the places and says what to do.
func (c Cache) Resolve(model string) (string, error) {
	if stat, err := os.Stat(model); err == nil {
		if !stat.IsDir() {
			return "", fmt.Errorf("model %s is a file: give the folder that holds it", model)
		}
		return model, nil
	}
	if checkName(model) != nil {
		return "", fmt.Errorf("model %q: no such folder, and no name as on the hub (ORGANISATION/NAME)", model)
	}
	places := c.places(model)
	for _, place := range places {
		if dir, ok := place.folder(); ok {
			return dir, nil
		}
	}
	looked := []string{"./" + model}
	for _, place := range places {
		looked = append(looked, place.dir)
	}
	name := model
	if !strings.Contains(model, "/") {
		name = "ORGANISATION/" + model
	}
	return "", fmt.Errorf("model %s is not on this machine: looked for %s (`paperlab fetch %s` brings it from the hub; a folder works too)",
		model, strings.Join(looked, ", "), name)
}

// place is where a model may be: a folder of its own, or a repository in the hub's cache.
type place struct {
	dir        string
	repository bool
}

func (c Cache) places(model string) (places []place) {
	const sentences = "sentence-transformers/" // Paperlab's own models are this organisation's
	own := strings.TrimPrefix(model, sentences)
	if c.Models != "" && !strings.Contains(own, "/") {
		places = append(places, place{dir: filepath.Join(c.Models, own)})
	}
	if c.Dir != "" {
		places = append(places, place{c.repository(Address{Name: model}), true})
		if own == model && !strings.Contains(model, "/") {
			places = append(places, place{c.repository(Address{Name: sentences + model}), true})
		}
	}
	return places
}

func (p place) folder() (dir string, ok bool) {
	dir = p.dir
	if p.repository {
		dir, ok = snapshot(p.dir, "main")
		return dir, ok
	}
	return dir, isDir(dir)
}

// repository is the folder of a repository in the hub's cache.
func (c Cache) repository(a Address) string {
	return filepath.Join(c.Dir, a.folder())
}

// snapshot returns the folder of a revision (a branch, a tag or a whole commit) in a repository of the cache.
func snapshot(repository, revision string) (dir string, ok bool) {
	commit := revision
	if !commitHash.MatchString(revision) {
		ref, err := os.ReadFile(filepath.Join(repository, "refs", revision))
		if err != nil {
			return "", false
		}
		commit = strings.TrimSpace(string(ref))
	}
	dir = filepath.Join(repository, "snapshots", commit)
	return dir, commitHash.MatchString(commit) && isDir(dir)
}

func isDir(path string) bool {
	stat, err := os.Stat(path)
	return err == nil && stat.IsDir()
}

var (
	commitHash = regexp.MustCompile(`^[0-9a-f]{40}$`)
	repoName   = regexp.MustCompile(`^(\w[\w.-]*/)?\w([\w.-]*\w)?$`)
)

// checkName holds a name against the hub's rules, which also keep it from leading out of the cache.
func checkName(name string) error {
	if len(name) > 96 || !repoName.MatchString(name) || strings.Contains(name, "--") || strings.Contains(name, "..") || strings.HasSuffix(name, ".git") {
		return fmt.Errorf("%q is no name of a model or data set on the hub", name)
	}
	return nil
}

// checkRevision refuses revisions that would lead out of the cache.
func checkRevision(revision string) error {
	if !filepath.IsLocal(revision) || revision != filepath.ToSlash(filepath.Clean(revision)) {
		return fmt.Errorf("%q is no branch, tag or commit", revision)
	}
	return nil
}
