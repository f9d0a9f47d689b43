package hub

import (
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"strings"
)

// Scheme begins the address of a file or folder on the hub, as Python's libraries write it:
// hf://datasets/ORGANISATION/NAME[@REVISION]/PATH.
const Scheme = "hf://"

// Parquet is the branch on which the hub keeps each data set converted to Parquet, one folder a configuration.
const Parquet = "refs/convert/parquet"

// Address is a repository on the hub, or a file or folder in one.
type Address struct {
	Dataset  bool   // else it is a model
	Name     string // ORGANISATION/NAME, or NAME for the oldest
	Revision string // a branch, tag or commit; empty where none is named
	Path     string // the file or folder, slashes between; empty for the whole repository
}

// commonRevision matches the revisions that hold slashes and may be written as they are.
var commonRevision = regexp.MustCompile(`^refs/(convert/[\w-]+|pr/\d+)(/|$)`)

// ParseAddress reads what a user types: a model ([ORGANISATION/]NAME), a data set (datasets/[ORGANISATION/]NAME), each
// with @REVISION or without, or an address that begins with hf://, which may go on with a path. @~parquet is short for
// the branch [Parquet], as in the hub's own documentation. scientific_papers/arxiv and scientific_papers/pubmed stand for
// the converted files of that data set.
func ParseAddress(text string) (Address, error) {
	rest, hasPath := strings.CutPrefix(text, Scheme)
	if config, ok := strings.CutPrefix(rest, "scientific_papers/"); ok && !hasPath && (config == "arxiv" || config == "pubmed") {
		return Address{Dataset: true, Name: "armanc/scientific_papers", Revision: Parquet, Path: config}, nil
	}
	var a Address
	rest, a.Dataset = strings.CutPrefix(rest, "datasets/")
	name, tail, pinned := strings.Cut(rest, "@")
	if pinned {
		a.Name = name
		if err := a.cutRevision(tail); err != nil {
			return Address{}, fmt.Errorf("%s: %w", text, err)
		}
	} else if segments := strings.SplitN(rest, "/", 3); hasPath && len(segments) == 3 {
		a.Name, a.Path = segments[0]+"/"+segments[1], segments[2]
	} else {
		a.Name = rest
	}
	if err := checkName(a.Name); err != nil {
		return Address{}, err
	}
	if a.Path != "" && (!hasPath || !fs.ValidPath(a.Path)) {
		return Address{}, fmt.Errorf("%s: %q is no path in a repository (write %sdatasets/ORGANISATION/NAME/PATH)", text, a.Path, Scheme)
	}
	return a, nil
}

// cutRevision reads what follows the @: a revision, and perhaps a path.
func (a *Address) cutRevision(text string) error {
	cut := strings.Index(text, "/")
	if m := commonRevision.FindString(text); m != "" {
		cut = len(strings.TrimSuffix(m, "/"))
	}
	a.Revision = text
	if cut >= 0 && cut < len(text) {
		a.Revision, a.Path = text[:cut], text[cut+1:]
	}
	revision, err := url.PathUnescape(a.Revision)
	if err != nil {
		return err
	}
	if a.Revision = revision; revision == "~parquet" {
		a.Revision = Parquet
	}
	return checkRevision(a.Revision)
}

// pin gives the address a revision that was named beside it; main counts where neither names one.
func (a Address) pin(revision string) (Address, error) {
	switch {
	case revision == "" && a.Revision == "":
		a.Revision = "main"
	case a.Revision == "":
		a.Revision = revision
	case revision != "" && revision != a.Revision:
		return a, fmt.Errorf("two revisions are named, %s and %s: leave one out", a.Revision, revision)
	}
	return a, checkRevision(a.Revision)
}

// route is the repository in the paths of the hub's pages; its API calls models models/NAME.
func (a Address) route() string {
	if a.Dataset {
		return "datasets/" + a.Name
	}
	return a.Name
}

// folder is the repository's name in the cache.
func (a Address) folder() string {
	kind := "models--"
	if a.Dataset {
		kind = "datasets--"
	}
	return kind + strings.ReplaceAll(a.Name, "/", "--")
}
