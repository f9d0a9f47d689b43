package tfevents_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/tfevents"
)

func appendTo(t *testing.T, path string, data []byte) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.Write(data)
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
}

// read gives the values that are new in the folder, each as "file:plugin:value".
func read(t *testing.T, folder *tfevents.Folder) ([]string, error) {
	t.Helper()
	var got []string
	err := folder.Read(t.Context(), func(number int, e tfevents.Event) error {
		for _, v := range e.Values {
			got = append(got, fmt.Sprintf("%d:%s:%v", number, v.Plugin, v.Data))
		}
		return nil
	})
	return got, err
}

func TestAFolderIsReadInOrderOfNamesAndFollowed(t *testing.T) {
	path := t.TempDir()
	header, simple, tensor := unhex(t, goldenHeader), unhex(t, goldenSimple), unhex(t, goldenTensor)
	first, second := filepath.Join(path, "events.out.tfevents.1"), filepath.Join(path, "events.out.tfevents.2")
	appendTo(t, second, slices.Concat(header, simple))
	appendTo(t, first, slices.Concat(header, tensor, simple[:5]))
	appendTo(t, filepath.Join(path, "notes.txt"), []byte("no event file"))
	if err := os.Mkdir(filepath.Join(path, "tfevents"), 0o755); err != nil {
		t.Fatal(err)
	}
	folder := tfevents.OpenFolder(path)
	// The plugin that the first file names holds for the second too.
	if got, err := read(t, folder); err != nil || !slices.Equal(got, []string{"0:scalars:0.25", "1:scalars:0.25"}) {
		t.Fatalf("got %v, %v", got, err)
	}
	if unread := folder.Unread(); unread != 5 {
		t.Errorf("%d bytes are unread, want 5", unread)
	}
	if got, err := read(t, folder); err != nil || len(got) != 0 {
		t.Fatalf("nothing new, but got %v, %v", got, err)
	}
	appendTo(t, first, simple[5:])
	appendTo(t, filepath.Join(path, "events.out.tfevents.0"), slices.Concat(header, simple))
	if got, err := read(t, folder); err != nil || !slices.Equal(got, []string{"0:scalars:0.25", "2:scalars:0.25"}) {
		t.Fatalf("got %v, %v", got, err)
	}
	if folder.Unread() != 0 || len(folder.Files()) != 3 {
		t.Errorf("%d bytes are unread in %v", folder.Unread(), folder.Files())
	}
}

func TestADamagedFileDoesNotHideTheOthers(t *testing.T) {
	path := t.TempDir()
	damaged := unhex(t, goldenHeader+goldenSimple)
	damaged[len(damaged)-1] ^= 1
	appendTo(t, filepath.Join(path, "tfevents.1"), damaged)
	appendTo(t, filepath.Join(path, "tfevents.2"), unhex(t, goldenHeader+goldenSimple))
	folder := tfevents.OpenFolder(path)
	got, err := read(t, folder)
	if !errors.Is(err, tracker.ErrCorrupt) || !strings.Contains(err.Error(), filepath.Join(path, "tfevents.1")+": record at byte 40") {
		t.Errorf("got %v", err)
	}
	if !slices.Equal(got, []string{"1::0.25"}) {
		t.Errorf("got %v", got)
	}
	if got, err := read(t, folder); err != nil || len(got) != 0 {
		t.Errorf("a file that was given up is not read again, but: %v, %v", got, err)
	}
}

func TestAMissingFolderIsAnError(t *testing.T) {
	if _, err := read(t, tfevents.OpenFolder(filepath.Join(t.TempDir(), "none"))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestReadingStopsWhenAsked(t *testing.T) {
	path := t.TempDir()
	appendTo(t, filepath.Join(path, "tfevents"), unhex(t, goldenHeader+goldenSimple+goldenSimple))
	folder, stop := tfevents.OpenFolder(path), errors.New("enough")
	err := folder.Read(t.Context(), func(_ int, e tfevents.Event) error {
		if len(e.Values) > 0 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	if got, err := read(t, folder); err != nil || len(got) != 1 {
		t.Errorf("the rest: got %v, %v", got, err)
	}
}
