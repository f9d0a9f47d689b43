package compute

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/vector/faiss"
)

// indexSearch is the verb that asks an index.
type indexSearch struct {
	on          machine
	model, file string
	top         int
	json        bool
}

func indexSearchCommand() *cobra.Command {
	var v indexSearch
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "Find the papers nearest to a query",
		Example: `  paperlab index search "how do I read a file line by line" -k 3
  paperlab index search "dark matter halos" --index arxiv.faiss --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			hits, err := v.search(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			for _, h := range hits {
				if err := h.print(cmd.OutOrStdout(), v.json); err != nil {
					return err
				}
			}
			return nil
		},
	}
	v.on.flags(cmd)
	cmd.Flags().StringVar(&v.model, "model", "", "folder or name of the model that the index was built with (default: as the index says)")
	indexFlag(cmd, &v.file)
	topFlag(cmd, &v.top, "papers to show")
	cmd.Flags().BoolVar(&v.json, "json", false, "print one JSON object a paper")
	return cmd
}

func indexFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "index", defaultIndex, "file of the index")
}

func topFlag(cmd *cobra.Command, top *int, usage string) {
	cli.CountP(cmd, top, "top", "k", 5, 1, usage)
}

// readIndex reads an index and the catalogue beside it. The caller closes the index.
func readIndex(file string) (*faiss.Index, catalogue, error) {
	index, err := faiss.Read(file)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = console.Hint(err, "paperlab index build makes it")
		}
		return nil, catalogue{}, err
	}
	known, err := readCatalogue(file, index.Len())
	if err != nil {
		return nil, catalogue{}, errors.Join(err, index.Close())
	}
	return index, known, nil
}

// search returns the papers nearest to the query, the nearest first.
func (v *indexSearch) search(ctx context.Context, query string) ([]hit, error) {
	if strings.TrimSpace(query) == "" {
		return nil, console.Usage(errors.New("index search: the query is empty"))
	}
	index, known, err := readIndex(v.file)
	if err != nil {
		return nil, err
	}
	defer index.Close()
	m, err := loadEncoder(cmp.Or(v.model, known.Model), v.on)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	if m.Dim() != index.Dim() {
		return nil, fmt.Errorf("%s has vectors of %d components, the model's have %d: ask the model that built it, %s", v.file, index.Dim(), m.Dim(), known.Model)
	}
	vector, err := m.embed(ctx, cli.ValidText(query))
	if err != nil {
		return nil, err
	}
	unitLength(vector, m.Dim())
	distances, ids, err := index.Search(vector, min(v.top, index.Len()))
	if err != nil {
		return nil, err
	}
	hits := make([]hit, len(ids))
	for i, id := range ids {
		// Both vectors have length 1, so |a-b|² = 2 - 2 cos.
		hits[i] = hit{Rank: i + 1, Similarity: 1 - float64(distances[i])/2, paper: known.papers[id]}
	}
	return hits, nil
}
