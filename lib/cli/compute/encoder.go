package compute

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/hub"
	"paperlab/lib/sentence"
)

func sentenceFlag(cmd *cobra.Command, model *string) {
	cmd.Flags().StringVar(model, "model", "all-MiniLM-L6-v2", "folder or name of the sentence-embedding model")
}

// limitFlag adds the flag of the papers that a verb of the search reads.
func limitFlag(cmd *cobra.Command, limit *int) {
	cli.Count(cmd, limit, "limit", 20000, 0, "papers to read, the first of the file (0: all)")
}

// encoder is a sentence-embedding model in its place, and how it embeds.
type encoder struct {
	*sentence.Model
	place
	options sentence.Options
	hash    func() (string, error) // of the model as it was loaded, see [sentence.Model.Hash]; computed once
}

// loadEncoder loads a model by folder or name onto the device of the flags. The caller closes it.
func loadEncoder(name string, on machine) (*encoder, error) {
	where, err := on.prepare()
	if err != nil {
		return nil, err
	}
	dir, err := hub.Default().Resolve(name)
	if err != nil {
		return nil, err
	}
	// What the files look like comes first: if they change while they are read, they look different afterwards.
	looks, unknown := fingerprintOf(dir)
	m, err := sentence.Load(dir, where.device)
	if err != nil {
		return nil, err
	}
	hash := m.Hash
	if cache, err := cli.Hashes.Dir(); err == nil && unknown == nil {
		hash = func() (string, error) { return looks.remembered(cache, time.Now(), m.Hash) }
	}
	return &encoder{m, where, sentence.Options{Precision: where.precision}, sync.OnceValues(hash)}, nil
}

// embed returns the vectors of a few texts, one after the other.
func (e *encoder) embed(ctx context.Context, texts ...string) ([]float32, error) {
	return e.Encode(ctx, texts, e.options)
}

// embedAll is embed for many texts, with a progress bar on w.
func (e *encoder) embedAll(ctx context.Context, w io.Writer, label string, texts []string) ([]float32, error) {
	bar := console.NewProgress(w, time.Now, console.Task{Label: label, Unit: "text", Total: int64(len(texts))})
	defer bar.End()
	o := e.options
	o.Progress = func(done, _ int) { bar.Set(int64(done)) }
	return e.Encode(ctx, texts, o)
}
