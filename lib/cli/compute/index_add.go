package compute

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/corpus"
	"paperlab/lib/search"
)

// indexAdd is the verb that adds papers to an index.
type indexAdd struct {
	on    machine
	from  data
	file  string
	limit int
}

func indexAddCommand() *cobra.Command {
	var v indexAdd
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Embed more papers into an index",
		Long: `Embed the papers that an index does not have yet, by their IDs, with the model that built it, and add them. An index whose addition is cut
off stays as it was; the same command then goes on where it was.`,
		Example: `  paperlab index add --index arxiv.faiss --data new.jsonl`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return v.run(cmd) },
	}
	v.on.flags(cmd)
	v.from.collectionFlags(cmd)
	indexFlag(cmd, &v.file)
	limitFlag(cmd, &v.limit)
	return cmd
}

func (v *indexAdd) run(cmd *cobra.Command) error {
	index, err := readIndex(v.file)
	if err != nil {
		return err
	}
	defer index.Close()
	found, err := v.from.collection(cmd.Context(), v.limit, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	fresh, err := missing(found, index.Has())
	if err != nil {
		return err
	}
	if len(fresh) > 0 {
		if err := v.add(cmd, index, collection{papers: each(fresh), count: len(fresh)}); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d papers added, %d were there, %d now\n", v.file, len(fresh), found.count-len(fresh), index.Len())
	return err
}

func (v *indexAdd) add(cmd *cobra.Command, index *search.Index, fresh collection) error {
	m, err := loadEncoderOf(index, v.file, "", v.on)
	if err != nil {
		return err
	}
	defer m.Close()
	m.options.Prompt = index.Prompt()
	hash, err := m.hash()
	if err != nil {
		return err
	}
	_, err = m.addTo(cmd.Context(), cmd.ErrOrStderr(), index, v.file, hash, fresh)
	return err
}

// missing are the papers that are not among those that are known, nor twice.
func missing(from collection, known map[string]bool) (fresh []corpus.Paper, err error) {
	for p, err := range from.papers {
		if err != nil {
			return nil, err
		}
		if !known[p.ID] {
			known[p.ID] = true
			fresh = append(fresh, p)
		}
	}
	return fresh, nil
}
