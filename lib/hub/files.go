package hub

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	weights = regexp.MustCompile(`^(model|pytorch_model)(-\d+-of-\d+)?\.(safetensors|bin)$`)
	pickled = regexp.MustCompile(`^pytorch_model.*\.bin(\.index\.json)?$`)
)

// wanted picks the files that Paperlab reads from those of a repository: weights as safetensors or, in a folder that
// has none, as PyTorch's; and what is small beside them (configurations, vocabularies). Weights for other frameworks
// and other precisions stay on the hub.
func wanted(files []string) []string {
	safe := map[string]bool{} // the folders with safetensors
	for _, f := range files {
		if dir, name := path.Split(f); weights.MatchString(name) && path.Ext(name) == ".safetensors" {
			safe[dir] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(files), func(f string) bool {
		dir, name := path.Split(f)
		switch {
		case pickled.MatchString(name) && safe[dir]:
			return true
		case weights.MatchString(name):
			return false
		}
		return !slices.Contains([]string{".json", ".txt", ".model"}, path.Ext(name))
	})
}

// records picks the files of a data set: Parquet where there are such, else text in a form that Paperlab reads.
func records(files []string) []string {
	other := func(extensions ...string) func(string) bool {
		return func(f string) bool {
			return !slices.Contains(extensions, path.Ext(strings.TrimSuffix(f, ".gz"))) || strings.HasPrefix(path.Base(f), ".")
		}
	}
	if parquet := slices.DeleteFunc(slices.Clone(files), other(".parquet")); len(parquet) > 0 {
		return parquet
	}
	return slices.DeleteFunc(slices.Clone(files), other(".jsonl", ".json", ".csv", ".tsv", ".txt"))
}

// pick chooses the files of an address: a file that it names, else those in its folder that Paperlab reads.
func pick(a Address, files []string) []string {
	if slices.Contains(files, a.Path) {
		return []string{a.Path}
	}
	if a.Path != "" {
		files = slices.DeleteFunc(slices.Clone(files), func(f string) bool { return !strings.HasPrefix(f, a.Path+"/") })
	}
	if a.Dataset {
		return records(files)
	}
	return wanted(files)
}
