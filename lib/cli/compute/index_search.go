package compute

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/search"
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

// readIndex reads an index with its papers. The caller closes it.
func readIndex(file string) (*search.Index, error) {
	index, err := search.Read(file)
	if _, missing := os.Stat(file); missing != nil {
		return nil, console.Hint(err, "paperlab index build makes it")
	}
	return index, console.Hint(err, "build the index again: paperlab index build -o "+file)
}

// search returns the papers nearest to the query, the nearest first.
func (v *indexSearch) search(ctx context.Context, query string) ([]hit, error) {
	if strings.TrimSpace(query) == "" {
		return nil, console.Usage(errors.New("index search: the query is empty"))
	}
	index, err := readIndex(v.file)
	if err != nil {
		return nil, err
	}
	defer index.Close()
	m, err := loadEncoder(cmp.Or(v.model, index.Model()), v.on)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	hash, err := m.Hash()
	if err != nil {
		return nil, err
	}
	if err := index.Check(hash); err != nil {
		return nil, fmt.Errorf("%s: %w", v.file, err)
	}
	vector, err := m.embed(ctx, cli.ValidText(query))
	if err != nil {
		return nil, err
	}
	found, err := index.Search(ctx, vector, v.top)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", v.file, err)
	}
	hits := make([]hit, len(found))
	for i, h := range found {
		hits[i] = hit{Hit: h}
	}
	return hits, nil
}
