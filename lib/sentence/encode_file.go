package sentence

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"

	"paperlab/lib/npy"
)

// Grow begins the file of NumPy's format that [Model.EncodeTo] fills, or goes on with what a killed process left of it, where the
// same model, whose hash is known, made that with the same options.
func (m *Model) Grow(path, hash string, o Options) (*npy.Growing, error) {
	of := fmt.Sprintf("model %.16s in %v", hash, o.precision())
	if prompt := cmp.Or(o.Prompt, m.layout.prompts.standard()); prompt != "" {
		of += fmt.Sprintf(", prompt %q", prompt)
	}
	if o.MaxLength > 0 && o.MaxLength < m.maxLength {
		of += fmt.Sprintf(", of %d tokens at most", o.MaxLength)
	}
	if o.Normalize {
		of += ", of length 1"
	}
	return npy.Grow(path, m.Dim(), of)
}

// EncodeTo is [Model.Stream] into a file, behind the vectors that it has: those of the first of the texts, which are read but not
// encoded again. Where they were other texts the error has [npy.ErrOther] in its chain. What was encoded until ctx ends, an error
// comes or the process is killed is on the disk, but for the last thousand texts. The caller finishes the file.
func (m *Model) EncodeTo(ctx context.Context, g *npy.Growing, texts iter.Seq2[string, error], o Options) error {
	next, stop := iter.Pull2(texts)
	defer stop()
	read, err := passOver(next, g)
	if err != nil {
		return err
	}
	done := g.Rows()
	rest := func(yield func(string, error) bool) {
		for text, err, ok := next(); ok && yield(text, err); text, err, ok = next() {
		}
	}
	for batch, err := range windows(rest) {
		if err != nil {
			return err
		}
		vectors, err := m.Encode(ctx, batch, o.behind(done))
		if err != nil {
			return err
		}
		for _, text := range batch {
			read = read.then(text)
		}
		if err := g.Append(vectors, read.String()); err != nil {
			return err
		}
		done += len(batch)
	}
	return nil
}

// passOver reads the texts whose vectors a file has.
func passOver(next func() (string, error, bool), g *npy.Growing) (read digest, err error) {
	for n := range g.Rows() {
		text, err, ok := next()
		if err != nil {
			return read, err
		}
		if !ok {
			return read, fmt.Errorf("sentence: %s: %w: it holds vectors of %d texts, and %d came (remove it to begin anew)", g.Name(), npy.ErrOther, g.Rows(), n)
		}
		read = read.then(text)
	}
	if g.Rows() > 0 && read.String() != g.Mark() {
		return read, fmt.Errorf("sentence: %s: %w: its %d vectors are of other texts (remove it to begin anew)", g.Name(), npy.ErrOther, g.Rows())
	}
	return read, nil
}

// digest identifies texts and their order.
type digest [sha256.Size]byte

// then is the digest of one text more.
func (d digest) then(text string) digest { return sha256.Sum256(append(d[:], text...)) }

// String is how a file marks how far it got.
func (d digest) String() string { return hex.EncodeToString(d[:]) }
