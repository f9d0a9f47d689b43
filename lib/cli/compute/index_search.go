package compute

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/corpus"
	"paperlab/lib/search"
	"paperlab/lib/vector"
)

// indexSearch is the verb that asks an index.
type indexSearch struct {
	on          machine
	model, file string
	query       search.Query
	before      prompt
	by          string
	moreLike    string
	many        bool // queries, which the answers tell
	json        bool
}

// What a query goes by.
const (
	byMeaning = "meaning"
	byWords   = "words"
	byBoth    = "both"
)

func indexSearchCommand() *cobra.Command {
	var v indexSearch
	cmd := &cobra.Command{
		Use:   "search QUERY|-",
		Short: "Find the papers nearest to a query",
		Long: `Find the papers nearest to a query by meaning (the cosine of embeddings), by words (BM25 over titles, authors and abstracts), or by
both, which fuses the two orders: names and titles count then too. With - the queries are read from standard input, one a line.`,
		Example: `  paperlab index search "how do I read a file line by line" -k 3
  paperlab index search "dark matter halos" --index arxiv.faiss --json
  paperlab index search "Vaswani attention" --by both --category cs --from 2017
  paperlab index search --more-like 0704.0001 -k 10`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return v.run(cmd, args) },
	}
	v.on.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&v.model, "model", "", "folder or name of the model that the index was built with (default: as the index says)")
	indexFlag(cmd, &v.file)
	v.before.flags(cmd, "query")
	topFlag(cmd, &v.query.K, "papers to show")
	f.StringVar(&v.by, "by", byMeaning, "what a query goes by: meaning, words or both")
	f.StringVar(&v.query.Filter.Category, "category", "", "only papers of a category of arXiv (cs.CL) or of an archive (cs)")
	cli.Count(cmd, &v.query.Filter.From, "from", 0, 0, "only papers of this year and later (0: any)")
	cli.Count(cmd, &v.query.Filter.To, "to", 0, 0, "only papers up to this year (0: any)")
	f.StringVar(&v.moreLike, "more-like", "", "ID of a paper of the index: find others like it, in place of a query")
	f.BoolVar(&v.json, "json", false, "print one JSON object a paper")
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

func (v *indexSearch) run(cmd *cobra.Command, args []string) error {
	if err := v.check(args); err != nil {
		return console.Usage(fmt.Errorf("index search: %w", err))
	}
	asker, err := v.open(cmd.Context())
	if err != nil {
		return err
	}
	defer asker.close()
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	switch {
	case v.moreLike != "":
		return v.askForMore(ctx, out, asker)
	case args[0] != "-":
		return v.ask(ctx, out, asker, args[0])
	}
	v.many = true
	return cli.Texts(ctx, cmd.InOrStdin(), func(query string) error {
		if strings.TrimSpace(query) == "" {
			return nil
		}
		return v.ask(ctx, out, asker, query)
	})
}

func (v *indexSearch) check(args []string) error {
	switch {
	case v.moreLike == "" && len(args) == 0:
		return errors.New("a query is needed, - for queries on standard input, or --more-like ID")
	case v.moreLike != "" && len(args) > 0:
		return errors.New("--more-like ID stands in place of a query: give one of them")
	case v.moreLike == "" && strings.TrimSpace(args[0]) == "":
		return errors.New("the query is empty")
	case v.by != byMeaning && v.by != byWords && v.by != byBoth:
		return fmt.Errorf("--by %q: meaning, words or both can be had", v.by)
	case v.query.Filter.To > 0 && v.query.Filter.To < v.query.Filter.From:
		return fmt.Errorf("no paper is from %d on and up to %d", v.query.Filter.From, v.query.Filter.To)
	}
	return nil
}

// asker is an index with the model that embeds queries, nil where they go by words alone.
type asker struct {
	index   *search.Index
	encoder *encoder
}

func (v *indexSearch) open(ctx context.Context) (*asker, error) {
	index, err := readIndex(v.file)
	if err != nil {
		return nil, err
	}
	if v.by == byWords {
		return &asker{index: index}, nil
	}
	m, err := loadEncoderOf(index, v.file, v.model, v.on)
	if err != nil {
		return nil, errors.Join(err, index.Close())
	}
	if err := v.before.give(m); err != nil {
		m.Close()
		return nil, errors.Join(err, index.Close())
	}
	return &asker{index, m}, nil
}

// loadEncoderOf loads the model that an index was built by: as it says, or by another name. Another model is refused.
func loadEncoderOf(index *search.Index, file, name string, on machine) (*encoder, error) {
	m, err := loadEncoder(cmp.Or(name, index.Model()), on)
	if err != nil {
		return nil, err
	}
	hash, err := m.hash()
	if err == nil {
		err = index.Check(hash)
	}
	if errors.Is(err, vector.ErrModel) && name == "" {
		err = console.Hint(err, fmt.Sprintf("the model was trained anew since: paperlab index build --model %s -o %s, with the --data that it had", index.Model(), file))
	}
	if err != nil {
		m.Close()
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return m, nil
}

func (a *asker) close() {
	defer a.index.Close()
	if a.encoder != nil {
		a.encoder.Close()
	}
}

// ask prints the answers to one query.
func (v *indexSearch) ask(ctx context.Context, w io.Writer, a *asker, text string) error {
	text = cli.ValidText(text)
	query := v.query
	if v.by != byMeaning {
		query.Words = text
	}
	if v.by != byWords {
		vector, err := a.encoder.embed(ctx, text)
		if err != nil {
			return err
		}
		query.Vector = vector
	}
	hits, err := a.index.Find(ctx, query)
	if err != nil {
		return fmt.Errorf("%s: %w", v.file, err)
	}
	if v.many && !v.json {
		fmt.Fprintf(w, "%s\n", text)
	}
	if len(hits) == 0 && !v.json {
		_, err := fmt.Fprintln(w, "No paper matches: try other words, or fewer filters.")
		return err
	}
	for _, h := range hits {
		answer := hit{Hit: h}
		if v.many {
			answer.Query = text
		}
		if err := answer.print(w, v.json); err != nil {
			return err
		}
	}
	return nil
}

// askForMore asks by what the index embedded of the paper.
func (v *indexSearch) askForMore(ctx context.Context, w io.Writer, a *asker) error {
	p, ok := a.index.Paper(v.moreLike)
	if !ok {
		return fmt.Errorf("index search: %s has no paper with the ID %s", v.file, v.moreLike)
	}
	v.query.Without = p.ID
	if a.encoder != nil {
		a.encoder.options.Prompt = a.index.Prompt() // as a paper, not as a query
	}
	return v.ask(ctx, w, a, embedded(corpus.Paper{Title: p.Title, Abstract: p.Abstract})[0])
}
