package compute

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/search/page"
	"paperlab/lib/sentence"
)

// indexServe is the verb that lets browsers and programs ask an index.
type indexServe struct {
	on          machine
	model, file string
	before      prompt
	to          visitors
	json        bool
}

func indexServeCommand(open Open) *cobra.Command {
	var v indexServe
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Search an index in a browser, and by a JSON API",
		Long: `Search an index in a browser: by meaning, by words or by both, within categories and years, and for more like a paper. Programs ask
GET /api/search?q=QUERY or ?like=ID, with by, k, category, from and to, for JSON; GET /api/info tells which index it is.

The server is for this machine only, unless --addr names another address of it; it then wants a token, which --token or PAPERLAB_TOKEN
gives, or which is made and printed.`,
		Example: `  paperlab index serve
  paperlab index serve --index arxiv.faiss --addr 127.0.0.1:0
  curl "http://127.0.0.1:7273/api/search?q=dark+matter+halos&by=both&category=astro-ph&k=3"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return v.run(cmd, open) },
	}
	v.on.flags(cmd)
	cmd.Flags().StringVar(&v.model, "model", "", "folder or name of the model that the index was built with (default: as the index says)")
	indexFlag(cmd, &v.file)
	v.before.flags(cmd, "query")
	v.to.flags(cmd, "127.0.0.1:7273")
	cmd.Flags().BoolVar(&v.json, "json", false, "print the address and the token as one JSON object")
	return cmd
}

// embedWith returns a function that embeds a text.
func (e *encoder) embedWith(o sentence.Options) page.Embed {
	return func(ctx context.Context, text string) ([]float32, error) { return e.Encode(ctx, []string{text}, o) }
}

func (v *indexServe) run(cmd *cobra.Command, open Open) error {
	index, err := readIndex(v.file)
	if err != nil {
		return err
	}
	defer index.Close()
	m, err := loadEncoderOf(index, v.file, v.model, v.on)
	if err != nil {
		return err
	}
	defer m.Close()
	if err := v.before.give(m); err != nil {
		return err
	}
	asPaper := m.options
	asPaper.Prompt = index.Prompt()
	searcher := page.New(v.file, index, m.embedWith(m.options), m.embedWith(asPaper))
	defer searcher.Close()
	if err := searcher.Warm(cmd.Context()); err != nil {
		return fmt.Errorf("%s: %w", v.file, err)
	}
	return v.to.open(cmd, open, searcher, v.json, func(address string) string {
		return fmt.Sprintf("Open %s in a browser to search the %d papers of %s. Ctrl-C ends the server.", address, index.Len(), v.file)
	})
}
