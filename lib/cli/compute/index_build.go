package compute

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/npy"
	"paperlab/lib/search"
)

const defaultIndex = "model_checkpoints/paper_index.faiss"

// indexBuild is the verb that embeds papers and writes the index of their vectors.
type indexBuild struct {
	on         machine
	from       data
	before     prompt
	model, out string
	limit      int
}

func indexBuildCommand() *cobra.Command {
	var v indexBuild
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Embed papers and write the index of their vectors",
		Long: `Embed the cleaned title and abstract of each paper that has both, and write a FAISS index (flat, L2) of the vectors,
with the papers beside it in FILE.papers.jsonl. In a folder of PDF files the first line of each is its title, and what stands under
"Abstract" its abstract.

Vectors are on the disk from time to time, in FILE.vectors-MODEL.part: the same command goes on where it was cut off or killed. What
another model began stays there, and is named.`,
		Example: `  paperlab index build --model model_checkpoints/fine_tuned_search_model
  paperlab index build --data arxiv-metadata-oai-snapshot.json --limit 100000 --precision bf16 -o arxiv.faiss
  paperlab index build --data ~/Papers -o mine.faiss`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return v.run(cmd) },
	}
	v.on.flags(cmd)
	v.from.collectionFlags(cmd)
	v.before.flags(cmd, "paper")
	sentenceFlag(cmd, &v.model)
	limitFlag(cmd, &v.limit)
	cmd.Flags().StringVarP(&v.out, "out", "o", defaultIndex, "file of the index")
	return cmd
}

func (v *indexBuild) run(cmd *cobra.Command) error {
	begin := time.Now()
	found, err := v.from.collection(cmd.Context(), v.limit, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	m, err := loadEncoder(v.model, v.on)
	if err != nil {
		return err
	}
	defer m.Close()
	if err := v.before.give(m); err != nil {
		return err
	}
	// A folder that cannot be written is better known before the work than after it.
	if err := os.MkdirAll(filepath.Dir(v.out), 0o755); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	embedded, err := v.build(cmd.Context(), cmd.ErrOrStderr(), m, found)
	if err != nil {
		return err
	}
	without := ""
	if found.others > 0 {
		without = fmt.Sprintf(", %d without title or abstract left out", found.others)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d papers, %d dimensions%s (%s)\n", v.out, found.count, m.Dim(), without, effort(time.Since(begin), embedded, "papers"))
	return err
}

// build embeds the papers and writes the index, and returns how many were left to embed.
func (v *indexBuild) build(ctx context.Context, w io.Writer, m *encoder, from collection) (embedded int, err error) {
	hash, err := m.hash()
	if err != nil {
		return 0, err
	}
	index, err := search.Empty(search.Model{Name: lasting(v.model), Hash: hash, Prompt: m.options.Prompt}, m.Dim())
	if err != nil {
		return 0, err
	}
	defer index.Close()
	return m.addTo(ctx, w, index, v.out, hash, from)
}

// addTo embeds papers into an index and writes that to a file, and returns how many were left to embed. Until then their vectors are
// beside it, from where the next call goes on: in a file for each model, so that neither a model that was trained anew has to wait for
// somebody to tidy up, nor a slip of the model costs what another has done.
func (e *encoder) addTo(ctx context.Context, w io.Writer, index *search.Index, file, hash string, from collection) (embedded int, err error) {
	vectors, err := e.Grow(fmt.Sprintf("%s.vectors-%.8s", file, hash), hash, e.options)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, vectors.Close()) }()
	if err := nameOthers(w, file, vectors.Name()); err != nil {
		return 0, err
	}
	embedded = from.count - vectors.Rows()
	papers, err := e.fill(ctx, w, vectors, from)
	if err != nil {
		return embedded, console.Hint(err, goOn(ctx, vectors))
	}
	if err := addAll(ctx, index, vectors, papers); err != nil {
		return embedded, err
	}
	if err := index.Write(file); err != nil {
		return embedded, err
	}
	return embedded, vectors.Discard()
}

// nameOthers says on w which files beside an index hold what other models began.
func nameOthers(w io.Writer, index, own string) error {
	entries, err := os.ReadDir(filepath.Dir(index))
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	for _, entry := range entries {
		path := filepath.Join(filepath.Dir(index), entry.Name())
		if path != filepath.Clean(own) && strings.HasPrefix(entry.Name(), filepath.Base(index)+".vectors-") && strings.HasSuffix(path, ".part") {
			fmt.Fprintf(w, "index: %s is what another model began: remove it if that is not to go on\n", path)
		}
	}
	return nil
}

// fill embeds the papers that a file has no vectors of yet, and returns all of them.
func (e *encoder) fill(ctx context.Context, w io.Writer, vectors *npy.Growing, from collection) (papers []corpus.Paper, err error) {
	bar := console.NewProgress(w, time.Now, console.Task{Label: "embedding", Unit: "paper", Total: int64(from.count), Done: int64(vectors.Rows())})
	defer bar.End()
	sayWhere(bar, vectors)
	o := e.options
	o.Progress = func(done, _ int) { bar.Set(int64(done)) }
	keep := func(p corpus.Paper) { papers = append(papers, p) }
	return papers, e.EncodeTo(ctx, vectors, from.texts(keep), o)
}

// addAll adds papers with their vectors to an index, some at a time: they are then in memory once.
func addAll(ctx context.Context, index *search.Index, vectors *npy.Growing, papers []corpus.Paper) error {
	const some = 4096
	for first := 0; first < len(papers); first += some {
		n := min(some, len(papers)-first)
		values, err := vectors.Read(first, n)
		if err != nil {
			return err
		}
		if err := index.Add(ctx, values, papers[first:first+n]); err != nil {
			return err
		}
	}
	return nil
}

// lasting names a model so that it is found from other folders too.
func lasting(model string) string {
	if info, err := os.Stat(model); err == nil && info.IsDir() {
		if path, err := filepath.Abs(model); err == nil {
			return path
		}
	}
	return model
}
