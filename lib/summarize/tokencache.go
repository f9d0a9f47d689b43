package summarize

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"

	"paperlab/lib/corpus"
	"paperlab/lib/t5"
	"paperlab/lib/tokenize"
)

// tokenCache keeps the tokens of papers in a folder, one file a batch, named after all that they depend on: the texts, the tokenizer and
// the settings. A file is written whole or not at all, and what two processes write under one name is the same; a file's time is that
// of its last use. A nil cache keeps nothing.
type tokenCache struct {
	dir      string
	settings []byte // and the tokenizer
}

// ErrCache is in the chain of an error of [Preparer]'s cache: without one the papers could be prepared.
var ErrCache = errors.New("cache of tokens")

// openCache makes the folder where it is missing.
func openCache(dir string, tok *tokenize.Tokenizer, how t5.Preparation) (*tokenCache, error) {
	if dir == "" {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("summarize: %w: %w", ErrCache, err)
	}
	tokenizer, err := fingerprint(tok)
	if err != nil {
		return nil, fmt.Errorf("summarize: %w: %w", ErrCache, err)
	}
	const layout = 1 // of the files
	return &tokenCache{dir, fmt.Appendf(nil, "%d %x %q %d %d", layout, tokenizer, how.Prefix, how.MaxInput, how.MaxTarget)}, nil
}

// fingerprint is the sum of the files that a tokenizer is saved as.
func fingerprint(tok *tokenize.Tokenizer) (sum []byte, err error) {
	dir, err := os.MkdirTemp("", "paperlab-tokenizer-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := tok.Save(dir); err != nil {
		return nil, err
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	hash := sha256.New()
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(hash, "%s %d\n", file.Name(), len(data))
		hash.Write(data)
	}
	return hash.Sum(nil), nil
}

// path is where the tokens of a batch lie.
func (c *tokenCache) path(batch []corpus.Paper) string {
	hash := sha256.New()
	hash.Write(c.settings)
	for _, p := range batch {
		for _, text := range []string{p.Article, p.Abstract} {
			fmt.Fprintf(hash, " %d:%s", len(text), text)
		}
	}
	return filepath.Join(c.dir, hex.EncodeToString(hash.Sum(nil))+".tokens")
}

// load finds the tokens of a batch. A file that is damaged counts as none.
func (c *tokenCache) load(batch []corpus.Paper) (found tokens, ok bool) {
	if c == nil {
		return found, false
	}
	data, err := os.ReadFile(c.path(batch))
	if err != nil || len(data) < sha256.Size {
		return found, false
	}
	content, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if want := sha256.Sum256(content); !bytes.Equal(sum, want[:]) {
		return found, false
	}
	if found, ok = decodeTokens(content, len(batch)); ok {
		now := time.Now()
		_ = os.Chtimes(c.path(batch), now, now) // whoever may only read finds the tokens all the same
	}
	return found, ok
}

func (c *tokenCache) store(batch []corpus.Paper, t tokens) error {
	if c == nil {
		return nil
	}
	content := encodeTokens(t)
	sum := sha256.Sum256(content)
	if err := renameio.WriteFile(c.path(batch), append(content, sum[:]...), 0o644, renameio.WithTempDir(c.dir)); err != nil {
		return fmt.Errorf("%w: %w", ErrCache, err)
	}
	return nil
}

// encodeTokens writes each text as varints, its number of tokens first.
func encodeTokens(t tokens) (content []byte) {
	for i := range t.inputs {
		for _, ids := range [][]int{t.inputs[i], t.targets[i]} {
			content = binary.AppendUvarint(content, uint64(len(ids)))
			for _, id := range ids {
				content = binary.AppendUvarint(content, uint64(id))
			}
		}
	}
	return content
}

// decodeTokens reads what encodeTokens wrote of n papers.
func decodeTokens(content []byte, n int) (t tokens, ok bool) {
	next := func() int {
		value, size := binary.Uvarint(content)
		if size <= 0 {
			ok = false
			return 0
		}
		content = content[size:]
		return int(value)
	}
	ok = true
	for range n {
		for _, list := range []*[][]int{&t.inputs, &t.targets} {
			length := next()
			if !ok || length > len(content) {
				return t, false
			}
			ids := make([]int, length)
			for i := range ids {
				ids[i] = next()
			}
			*list = append(*list, ids)
		}
	}
	return t, ok && len(content) == 0
}
