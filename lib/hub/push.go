package hub

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Upload is a file that [Cache.Push] sends.
type Upload struct {
	Name  string // from the folder, slashes between
	Bytes int64
}

// resuming are the files of a checkpoint that only a training that goes on needs: they are as large as the weights, and stay.
var resuming = []string{"manifest.json", "optimizer.pt", "optimizer.safetensors", "rng_state.pth", "scheduler.pt", "training.json"}

// Uploads lists the files of a model's folder that belong on the hub: all but hidden ones, checkpoints in it, and what only
// a training that goes on needs. A link is an error: what it leads to may be meant for nobody.
func Uploads(dir string) (files []Upload, err error) {
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		base := path.Base(name)
		switch {
		case err != nil || name == ".":
			return err
		case strings.HasPrefix(base, "."), slices.Contains(resuming, name), entry.IsDir() && strings.HasPrefix(base, "checkpoint-"):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		case !entry.Type().IsRegular():
			return fmt.Errorf("%s is no plain file: replace or remove it", filepath.Join(dir, name))
		}
		info, err := entry.Info()
		if err == nil {
			files = append(files, Upload{name, info.Size()})
		}
		return err
	})
	return files, err
}

// Push uploads a model's folder (see [Uploads]) to a repository on the hub, in one commit on its branch main, and returns the
// commit's address. A repository that is not there is made, public as on the hub's own page. It needs a token that may write.
// What the hub has already is not sent again; files of the repository that the folder lacks stay. progress, if not nil, is
// called with the bytes of large files that are sent.
//
// The protocol is that of huggingface_hub 0.36.2 (hf_api.py, _commit_api.py, lfs.py): preupload, git's large file storage
// with its basic and the hub's multipart transfer, commit as lines of JSON.
func (c Cache) Push(ctx context.Context, dir, name, message string, progress func(done, total int64)) (address string, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("pushing %s to %s: %w", dir, name, err)
		}
	}()
	if err := c.mayPush(name); err != nil {
		return "", err
	}
	files, err := Uploads(dir)
	if err != nil {
		return "", err
	}
	if len(files) == 0 {
		return "", errors.New("the folder holds no files")
	}
	p := push{remote: newRemote(c, Address{Name: name}), dir: dir, tally: &tally{report: progress}}
	p.remote.client.Transport.(*http.Transport).ResponseHeaderTimeout = 10 * time.Minute // the hub puts large files together before it answers
	defer p.remote.client.CloseIdleConnections()
	if err := p.create(ctx); err != nil {
		return "", err
	}
	small, large, err := p.divide(ctx, files)
	if err != nil {
		return "", err
	}
	objects, err := p.store(ctx, large)
	if err != nil {
		return "", err
	}
	return p.commit(ctx, message, small, objects)
}

func (c Cache) mayPush(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	switch {
	case !strings.Contains(name, "/"):
		return errors.New("say whose repository it is: ORGANISATION/NAME")
	case c.Offline:
		return errors.New("HF_HUB_OFFLINE is set")
	case c.Token == "":
		return fmt.Errorf("HF_TOKEN is not set (make a token that may write at %s/settings/tokens, and set HF_TOKEN to it)", c.Endpoint)
	}
	return nil
}

// push sends one folder.
type push struct {
	remote remote
	dir    string
	tally  *tally
}

// post sends v as JSON and reads the answer into answer, unless that is nil.
func (p push) post(ctx context.Context, address, mediaType string, v, answer any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return p.send(ctx, address, mediaType, body, answer)
}

func (p push) send(ctx context.Context, address, mediaType string, body []byte, answer any) error {
	resp, err := p.remote.do(ctx, call{
		method: http.MethodPost, url: address,
		header: http.Header{"Content-Type": {mediaType}, "Accept": {mediaType}},
		body:   io.NewSectionReader(bytes.NewReader(body), 0, int64(len(body))),
	})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if answer == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		return fmt.Errorf("%s: not the hub's answer: %w", address, err)
	}
	return nil
}

// create makes the repository unless it is there. A token that may only write to those that are there is refused here; then
// the next request says whether this one is.
func (p push) create(ctx context.Context) error {
	organisation, name, _ := strings.Cut(p.remote.repository.Name, "/")
	err := p.post(ctx, p.remote.endpoint+"/api/repos/create", "application/json", map[string]string{"organization": organisation, "name": name}, nil)
	var refused *refusedError
	if errors.As(err, &refused) && (refused.status == http.StatusConflict || refused.status == http.StatusForbidden) {
		return nil
	}
	return err
}

// divide asks the hub which files belong into git and which into large file storage. Those that the repository's .gitignore
// names are in neither.
func (p push) divide(ctx context.Context, files []Upload) (small, large []Upload, err error) {
	type file struct {
		Path   string `json:"path"`
		Size   int64  `json:"size"`
		Sample []byte `json:"sample"` // the first bytes, from which the hub tells text
	}
	for chunk := range slices.Chunk(files, batch) {
		var asked struct {
			Files []file `json:"files"`
		}
		for _, f := range chunk {
			sample, err := p.head(f)
			if err != nil {
				return nil, nil, err
			}
			asked.Files = append(asked.Files, file{f.Name, f.Bytes, sample})
		}
		var answer struct {
			Files []struct {
				Path   string `json:"path"`
				Mode   string `json:"uploadMode"`
				Ignore bool   `json:"shouldIgnore"`
			} `json:"files"`
		}
		if err := p.post(ctx, p.remote.api("preupload", "main"), "application/json", asked, &answer); err != nil {
			return nil, nil, err
		}
		modes := map[string]string{}
		for _, f := range answer.Files {
			if modes[f.Path] = f.Mode; f.Ignore {
				modes[f.Path] = "ignore"
			}
		}
		for _, f := range chunk {
			switch mode := modes[f.Name]; {
			case mode == "ignore":
			case mode == "regular", mode == "lfs" && f.Bytes == 0: // the storage takes no empty ones
				small = append(small, f)
			case mode == "lfs":
				large = append(large, f)
			default:
				return nil, nil, fmt.Errorf("%s: the hub wants it uploaded as %q, which is unknown here", f.Name, mode)
			}
		}
	}
	return small, large, nil
}

// batch is how many files one request asks about, as the peer's.
const batch = 256

// head reads the first bytes of a file.
func (p push) head(f Upload) ([]byte, error) {
	file, err := os.Open(filepath.Join(p.dir, filepath.FromSlash(f.Name)))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, 512))
}

// commit makes the commit: small files with it, large ones by name.
func (p push) commit(ctx context.Context, message string, small []Upload, objects []object) (address string, err error) {
	type line struct {
		Key   string `json:"key"`
		Value any    `json:"value"`
	}
	lines := []line{{"header", map[string]string{"summary": message, "description": ""}}}
	for _, f := range small {
		content, err := os.ReadFile(filepath.Join(p.dir, filepath.FromSlash(f.Name)))
		if err != nil {
			return "", err
		}
		lines = append(lines, line{"file", map[string]string{"path": f.Name, "encoding": "base64", "content": base64.StdEncoding.EncodeToString(content)}})
	}
	for _, o := range objects {
		lines = append(lines, line{"lfsFile", map[string]any{"path": o.name, "algo": "sha256", "oid": o.OID, "size": o.Size}})
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	for _, l := range lines {
		if err := encoder.Encode(l); err != nil {
			return "", err
		}
	}
	var answer struct {
		URL string `json:"commitUrl"`
	}
	if err := p.send(ctx, p.remote.api("commit", "main"), "application/x-ndjson", body.Bytes(), &answer); err != nil {
		return "", err
	}
	if _, err := url.ParseRequestURI(answer.URL); err != nil {
		return "", fmt.Errorf("the hub does not say what it committed: %w", err)
	}
	return answer.URL, nil
}
