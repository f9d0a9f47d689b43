package compute

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/corpus/pairs"
	"paperlab/lib/sentence"
	"paperlab/lib/vector/faiss"
)

const defaultIndex = "model_checkpoints/paper_index.faiss"

// indexBuild returns the verb that embeds papers and writes the index of their vectors.
func indexBuild() *cobra.Command {
	var on machine
	var from data
	var model, out string
	var limit int
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Embed papers and write the index of their vectors",
		Long: `Embed the cleaned title and abstract of each paper and write a FAISS index (flat, L2) of the vectors,
with the papers beside it in FILE.papers.jsonl.`,
		Example: `  paperlab index build --model model_checkpoints/fine_tuned_search_model --limit 5000`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, precision, err := loadSentence(model, on)
			if err != nil {
				return err
			}
			defer m.Close()
			papers, err := from.first(cmd.Context(), cmd, limit)
			if err != nil {
				return err
			}
			if err := nonEmpty("index", papers); err != nil {
				return err
			}
			vectors, err := encode(cmd, m, cleaned(papers), sentence.Options{Precision: precision})
			if err != nil {
				return err
			}
			index, err := faiss.NewFlatL2(m.Dim())
			if err != nil {
				return err
			}
			defer index.Close()
			if err := index.Add(vectors); err != nil {
				return err
			}
			// The papers first: an index without its papers cannot answer, papers without an index harm nobody.
			if err := writePapers(out, papers); err != nil {
				return err
			}
			if err := index.Write(out); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d papers, %d dimensions\n", out, index.Len(), index.Dim())
			return nil
		},
	}
	on.flags(cmd)
	from.flags(cmd)
	cmd.Flags().StringVar(&model, "model", "all-MiniLM-L6-v2", "folder or name of the sentence-embedding model")
	cmd.Flags().IntVar(&limit, "limit", 20000, "papers to read, at most (0: all)")
	cmd.Flags().StringVarP(&out, "out", "o", defaultIndex, "file of the index")
	return cmd
}

// indexSearch returns the verb that asks an index.
func indexSearch() *cobra.Command {
	var on machine
	var model, file string
	var k int
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "search QUERY",
		Short:   "Find the papers nearest to a query",
		Example: `  paperlab index search "how do I read a file line by line" -k 5`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if k < 1 {
				return console.Usage(fmt.Errorf("-k %d: at least one answer is asked for", k))
			}
			index, err := faiss.Read(file)
			if err != nil {
				return err
			}
			defer index.Close()
			papers, err := readPapers(file, index.Len())
			if err != nil {
				return err
			}
			m, precision, err := loadSentence(model, on)
			if err != nil {
				return err
			}
			defer m.Close()
			query, err := m.Encode(cmd.Context(), args, sentence.Options{Precision: precision})
			if err != nil {
				return err
			}
			distances, ids, err := index.Search(query, min(k, index.Len()))
			if err != nil {
				return err
			}
			for i, id := range ids {
				// Both vectors have length 1, so |a-b|² = 2 - 2 cos.
				if err := printHit(cmd, i+1, 1-float64(distances[i])/2, papers[id], asJSON); err != nil {
					return err
				}
			}
			return nil
		},
	}
	on.flags(cmd)
	cmd.Flags().StringVar(&model, "model", "all-MiniLM-L6-v2", "folder or name of the model that the index was built with")
	cmd.Flags().StringVar(&file, "index", defaultIndex, "file of the index")
	cmd.Flags().IntVarP(&k, "top", "k", 5, "papers to show")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a paper")
	return cmd
}

// indexInfo returns the verb that describes an index.
func indexInfo() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "info [FILE]",
		Short:   "Describe an index",
		Example: `  paperlab index info ` + defaultIndex,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file := defaultIndex
			if len(args) == 1 {
				file = args[0]
			}
			index, err := faiss.Read(file)
			if err != nil {
				return err
			}
			defer index.Close()
			if asJSON {
				return console.JSON(cmd.OutOrStdout(), struct {
					File       string `json:"file"`
					Papers     int    `json:"papers"`
					Dimensions int    `json:"dimensions"`
				}{file, index.Len(), index.Dim()})
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d papers, %d dimensions, flat L2\n", file, index.Len(), index.Dim())
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

func printHit(cmd *cobra.Command, rank int, similarity float64, p paper, asJSON bool) error {
	w := cmd.OutOrStdout()
	if asJSON {
		return console.JSON(w, struct {
			Rank       int     `json:"rank"`
			Similarity float64 `json:"similarity"`
			paper
		}{rank, similarity, p})
	}
	_, err := fmt.Fprintf(w, "%d. %s (similarity %.4f)\n   %s\n", rank, shorten(p.Title, 100), similarity, shorten(p.Abstract, 300))
	return err
}

// cleaned returns what of each paper is embedded, as the study does: the cleaned title and abstract.
func cleaned(papers []corpus.Paper) []string {
	texts := make([]string, len(papers))
	for i, p := range pairs.CleanAll(papers) {
		texts[i] = pairs.Text(p)
	}
	return texts
}

// encode embeds texts with a progress bar.
func encode(cmd *cobra.Command, m *sentence.Model, texts []string, options sentence.Options) ([]float32, error) {
	bar := console.NewProgress(cmd.ErrOrStderr(), time.Now, console.Task{Label: "embedding", Unit: "text", Total: int64(len(texts))})
	defer bar.End()
	options.Progress = func(done, _ int) { bar.Set(int64(done)) }
	return m.Encode(cmd.Context(), texts, options)
}
