package hub

import (
	"path"
	"regexp"
	"slices"
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
