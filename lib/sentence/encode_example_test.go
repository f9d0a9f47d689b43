package sentence_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"paperlab/lib/sentence"
	"paperlab/lib/tensor"
)

func ExampleModel_EncodeTo() {
	m, err := sentence.Load("testdata/tiny", tensor.CPU)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	dir, err := os.MkdirTemp("", "embeddings")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	hash, err := m.Hash()
	if err != nil {
		fmt.Println(err)
		return
	}
	file, err := m.Grow(filepath.Join(dir, "vectors.npy"), hash, sentence.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	texts := func(yield func(string, error) bool) { // from wherever they come
		_ = yield("a paper on light", nil) && yield("a theory of gas", nil)
	}
	err = m.EncodeTo(context.Background(), file, texts, sentence.Options{})
	fmt.Println(file.Rows(), "vectors", err, file.Finish())
	// Output: 2 vectors <nil> <nil>
}
