package tokenize

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Names of the files of a tokenizer, as save_pretrained writes them.
const (
	fileSentencePiece = "spiece.model"
	fileJSON          = "tokenizer.json"
	fileVocabulary    = "vocab.txt"
	fileConfig        = "tokenizer_config.json"
	fileSpecials      = "special_tokens_map.json"
	fileAdded         = "added_tokens.json"
	fileSentenceBERT  = "sentence_bert_config.json"
)

// largestFile is the size past which a file is no tokenizer's.
const largestFile = 256 << 20

// Load reads the tokenizer in a model's folder. The first of these files that is there decides which: spiece.model, as
// transformers' slow T5Tokenizer (legacy=True) reads it; tokenizer.json, as the fast tokenizers do; vocab.txt, as
// BertTokenizerFast does. LoadFile names another. tokenizer_config.json, special_tokens_map.json and
// sentence_bert_config.json are read where they are present.
//
// Parts of a tokenizer that are not known are refused with an error that names them.
func Load(dir string) (*Tokenizer, error) {
	files := map[string][]byte{}
	for _, name := range []string{fileSentencePiece, fileJSON, fileVocabulary} {
		b, err := readFile(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, fmt.Errorf("tokenizer: %w", err)
		}
		files[name] = b
	}
	for _, name := range []string{fileSentencePiece, fileJSON, fileVocabulary} {
		if files[name] != nil {
			return load(dir, name, files)
		}
	}
	return nil, fmt.Errorf("tokenizer: %s has none of %s, %s, %s", dir, fileSentencePiece, fileJSON, fileVocabulary)
}

// LoadFile reads the tokenizer in one file, whose kind its ending tells: .model (T5's SentencePiece model), .json
// (tokenizer.json) or .txt (BERT's vocabulary). The configuration files are read from its folder.
func LoadFile(path string) (*Tokenizer, error) {
	name := map[string]string{".model": fileSentencePiece, ".json": fileJSON, ".txt": fileVocabulary}[filepath.Ext(path)]
	if name == "" {
		return nil, fmt.Errorf("tokenizer: %s: the name of a tokenizer's file ends in .model, .json or .txt", path)
	}
	b, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %w", err)
	}
	return load(filepath.Dir(path), name, map[string][]byte{name: b})
}

// load reads the configuration files of dir and makes the tokenizer that files[name] describes.
func load(dir, name string, files map[string][]byte) (*Tokenizer, error) {
	for _, name := range []string{fileConfig, fileSpecials, fileAdded, fileSentenceBERT} {
		b, err := readFile(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, fmt.Errorf("tokenizer: %w", err)
		}
		files[name] = b
	}
	t, err := parse(name, files)
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %s in %s: %w", name, dir, err)
	}
	return t, nil
}

// parse makes a tokenizer of files that have been read; main names the one with the vocabulary.
func parse(main string, files map[string][]byte) (*Tokenizer, error) {
	c, err := parseConfig(files)
	if err != nil {
		return nil, err
	}
	var t *Tokenizer
	switch main {
	case fileSentencePiece:
		t, err = newSentencePiece(files[main], c)
	case fileJSON:
		t, err = parseJSON(files[main], c)
	default:
		t, err = parseVocabulary(files[main], c)
	}
	if err != nil {
		return nil, err
	}
	if err := t.checkAdded(files[fileAdded], c); err != nil {
		return nil, err
	}
	t.files = files
	t.length = c.maxLength()
	t.cleanUp = main == fileVocabulary // BertTokenizer's default
	if c.CleanUp != nil {
		t.cleanUp = *c.CleanUp
	}
	return t, nil
}

// readFile reads a whole file of a reasonable size.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, largestFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > largestFile {
		return nil, fmt.Errorf("%s is larger than %d MiB: not a tokenizer's file", path, largestFile>>20)
	}
	return b, nil
}
