package search_test

import (
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/search"
)

// Whatever lies beside an index, it is refused or gives a paper for each vector.
func FuzzReadCatalogue(f *testing.F) {
	f.Add([]byte(`{"model":"m","papers":3}` + "\n" + `{"id":"a"}` + "\n" + `{"title":"b"}` + "\n" + `{}`))
	f.Add([]byte(`{"model":"m","papers":1}` + "\n" + `{}`))
	f.Add([]byte("\xff{}"))
	f.Add([]byte(`{"model":"m","papers":3}` + "\n" + `{"id":"n","title":"North","abstract":"Up\n the map."}` + "\n" +
		`{"id":"e","title":"East","abstract":"Right."}` + "\n" + `{"id":"ne","title":"North-east","abstract":"Between."}`))
	f.Fuzz(func(t *testing.T, catalogue []byte) {
		index, err := search.NewIndex(t.Context(), search.Model{Name: "compass", Hash: "0a"}, vectors(), papers)
		if err != nil {
			t.Fatal(err)
		}
		defer index.Close()
		path := filepath.Join(t.TempDir(), "papers.faiss")
		if err := index.Write(path); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path+".papers.jsonl", catalogue, 0o644); err != nil {
			t.Fatal(err)
		}
		again, err := search.Read(path)
		if err != nil {
			return
		}
		defer again.Close()
		if hits, err := again.Search(t.Context(), []float32{1, 0}, 9); err != nil || len(hits) != 3 {
			t.Errorf("%v, %v", hits, err)
		}
	})
}
