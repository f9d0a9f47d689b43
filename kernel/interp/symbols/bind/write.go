package bind

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"

	"paperlab/kernel/interp/symbols/docs"
)

// Set is packages whose bindings are built under one condition.
type Set struct {
	Packages   []*Package
	Constraint string // a build constraint, empty for none
	Docs       bool   // whether the docs go into the archive; others are read from sources where there are any
	Generics   bool   // whether generic declarations are copied from the source; without, package symbols has them or nobody
	Archive    string // the name of the file that takes the facts, [Archive] if empty; sets may share one
	Kept       string // if not empty, the packages have bindings in folders of their paths' names below this import path
}

// Archive is the usual name of the file that holds the types and docs of packages, their facts, beside the bindings.
const Archive = "facts_gen.zip"

// Write puts the bindings of packages into a folder, as files of a Go package of that name, in place of those that are there.
// The generic packages are those bound elsewhere that have generic declarations.
//
// The package must embed the archives and hand them to symbols.Facts.
func Write(dir, pkgName string, generic []string, sets ...Set) error {
	files := map[string][]byte{}
	hasGenerics := map[string]bool{}
	for _, path := range generic {
		hasGenerics[path] = true
	}
	for _, set := range sets {
		for _, p := range set.Packages {
			hasGenerics[p.Path()] = hasGenerics[p.Path()] || len(p.Generics()) > 0
		}
	}
	facts := map[string][]fact{}
	for _, set := range sets {
		more, err := set.write(files, pkgName, hasGenerics)
		if err != nil {
			return err
		}
		name := cmp.Or(set.Archive, Archive)
		facts[name] = append(facts[name], more...)
	}
	for name, list := range facts {
		var err error
		if files[name], err = archive(list); err != nil {
			return err
		}
	}
	return replace(dir, files)
}

// write adds the set's bindings to the files and gives its facts.
func (s Set) write(files map[string][]byte, pkgName string, generic map[string]bool) (facts []fact, err error) {
	if s.Kept != "" {
		if files["kept_gen.go"], err = emitKept(s.Packages, s.Kept, pkgName); err != nil {
			return nil, err
		}
	}
	for _, p := range s.Packages {
		if s.Kept == "" {
			if files[p.fileName()], err = p.emit(pkgName, s); err != nil {
				return nil, err
			}
		}
		data, err := p.facts(generic)
		if err != nil {
			return nil, err
		}
		facts = append(facts, fact{"types/" + p.Path(), data})
		if !s.Docs {
			continue
		}
		if data, err = p.docs(); err != nil {
			return nil, err
		}
		facts = append(facts, fact{"docs/" + p.Path(), data})
	}
	return facts, nil
}

// docs gives the package's docs as JSON.
func (p *Package) docs() ([]byte, error) {
	read, err := docs.Read(p.loaded.Dir, p.Path())
	if err != nil {
		return nil, err
	}
	return json.Marshal(read)
}

type fact struct {
	name string
	data []byte
}

// archive packs facts in the order of their names, without dates and compression: version control stores the changes of
// what it can read.
func archive(facts []fact) ([]byte, error) {
	slices.SortFunc(facts, func(a, b fact) int { return strings.Compare(a.name, b.name) })
	var out bytes.Buffer
	pack := zip.NewWriter(&out)
	for _, f := range facts {
		w, err := pack.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(f.data)
		}
		if err != nil {
			return nil, fmt.Errorf("packing %s: %w", f.name, err)
		}
	}
	if err := pack.Close(); err != nil {
		return nil, fmt.Errorf("packing the facts of packages: %w", err)
	}
	return out.Bytes(), nil
}

// replace writes files and removes others that were generated.
func replace(dir string, files map[string][]byte) error {
	old, err := filepath.Glob(filepath.Join(dir, "*_gen.*"))
	if err != nil {
		return fmt.Errorf("looking for generated files: %w", err)
	}
	for _, file := range old {
		if _, again := files[filepath.Base(file)]; !again {
			if err := os.Remove(file); err != nil {
				return fmt.Errorf("removing a stale binding: %w", err)
			}
		}
	}
	for name, data := range files {
		if err := renameio.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return fmt.Errorf("writing a binding: %w", err)
		}
	}
	return nil
}
