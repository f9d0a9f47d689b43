package compute

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/pairs"
	"paperlab/lib/search"
)

const defaultIndex = "model_checkpoints/paper_index.faiss"

// indexBuild is the verb that embeds papers and writes the index of their vectors.
type indexBuild struct {
	on         machine
	from       data
	model, out string
	limit      int
}

func indexBuildCommand() *cobra.Command {
	var v indexBuild
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Embed papers and write the index of their vectors",
		Long: `Embed the cleaned title and abstract of each paper that has both, and write a FAISS index (flat, L2) of the vectors,
with the papers beside it in FILE.papers.jsonl.`,
		Example: `  paperlab index build --model model_checkpoints/fine_tuned_search_model
  paperlab index build --data arxiv-metadata-oai-snapshot.json --limit 5000 -o arxiv.faiss`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return v.run(cmd) },
	}
	v.on.flags(cmd)
	v.from.flags(cmd)
	sentenceFlag(cmd, &v.model)
	limitFlag(cmd, &v.limit)
	cmd.Flags().StringVarP(&v.out, "out", "o", defaultIndex, "file of the index")
	return cmd
}

func (v *indexBuild) run(cmd *cobra.Command) error {
	papers, err := v.from.first(cmd.Context(), v.limit, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	if papers, err = searchable(papers); err != nil {
		return fmt.Errorf("%s: %w", v.from.path, err)
	}
	m, err := loadEncoder(v.model, v.on)
	if err != nil {
		return err
	}
	defer m.Close()
	// A folder that cannot be written is better known before the work than after it.
	if err := os.MkdirAll(filepath.Dir(v.out), 0o755); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	vectors, err := m.embedAll(cmd.Context(), cmd.ErrOrStderr(), "embedding", cleaned(papers))
	if err != nil {
		return err
	}
	if err := v.write(cmd.Context(), m, vectors, papers); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d papers, %d dimensions\n", v.out, len(papers), m.Dim())
	return err
}

// write writes index and catalogue.
func (v *indexBuild) write(ctx context.Context, m *encoder, vectors []float32, papers []corpus.Paper) error {
	hash, err := m.Hash()
	if err != nil {
		return err
	}
	index, err := search.NewIndex(ctx, search.Model{Name: lasting(v.model), Hash: hash}, vectors, papers)
	if err != nil {
		return err
	}
	defer index.Close()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	return index.Write(v.out)
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

// cleaned returns what of each paper is embedded, as the study does: the cleaned title and abstract.
func cleaned(papers []corpus.Paper) []string {
	texts := make([]string, len(papers))
	for i, p := range pairs.CleanAll(papers) {
		texts[i] = pairs.Text(p)
	}
	return texts
}
