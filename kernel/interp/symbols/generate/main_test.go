package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestBindingsAreCurrent(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command, which lists the packages: install Go and put it in the PATH")
	}
	fresh := t.TempDir()
	if err := generate(t.Context(), fresh); err != nil {
		t.Fatal(err)
	}
	got, want := generated(t, "../bindings"), generated(t, fresh)
	for name := range want {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("%s is stale: run go generate ./kernel/interp/...", name)
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("%s is of a package that is not bound any more: run go generate ./kernel/interp/...", name)
	}
}

// generated reads the bindings in a folder, and of the archive the types: docs may lag behind for a while.
func generated(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	contents := map[string][]byte{}
	files, err := filepath.Glob(filepath.Join(dir, "*_gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		contents[filepath.Base(file)] = data
	}
	archives, err := filepath.Glob(filepath.Join(dir, "*_gen.zip"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range archives {
		archive, err := zip.OpenReader(name)
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		for _, file := range archive.File {
			if strings.HasPrefix(file.Name, "types/") {
				contents[file.Name] = read(t, file)
			}
		}
	}
	return contents
}

func read(t *testing.T, file *zip.File) []byte {
	t.Helper()
	reader, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	data, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
