package mlflow

import (
	"context"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"paperlab/tracker/ingest"
)

// artifacts brings the run's files, if they are there.
func (i *importer) artifacts(ctx context.Context, r row, run *ingest.Run) error {
	root, ok := i.local(r.artifacts)
	if !ok {
		return nil
	}
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		return run.File(ctx, filepath.ToSlash(name), info.ModTime(), file)
	})
}

// local finds the folder that an artifact URI means on this machine.
func (i *importer) local(uri string) (folder string, ok bool) {
	scheme, rest, isURI := strings.Cut(uri, ":")
	switch {
	case !isURI:
		folder = uri
	case scheme == "file":
		parsed, err := url.Parse(uri)
		if err != nil {
			return "", false
		}
		folder = parsed.Path
	case scheme == "mlflow-artifacts":
		// What follows the server's name, if there is one, is a path below the folder of the server's files.
		below := strings.TrimPrefix(rest, "//")
		if below != rest {
			_, below, _ = strings.Cut(below, "/")
		}
		folder = filepath.Join("mlartifacts", filepath.FromSlash(below))
	}
	if folder == "" {
		return "", false
	}
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(i.folder, folder)
	}
	info, err := os.Stat(folder)
	return folder, err == nil && info.IsDir()
}
