package compute

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/npy"
)

// embedBatch is how many waiting lines are embedded at once.
const embedBatch = 32

// embed is the verb that embeds texts.
type embed struct {
	on         machine
	before     prompt
	model, out string
	normalize  bool
	maxLength  int
}

func embedCommand() *cobra.Command {
	var v embed
	cmd := &cobra.Command{
		Use:   "embed",
		Short: cli.Short("embed"),
		Long: `Embed texts, one a line on standard input, one JSON object a line on standard output, in the same order.
Lines that are waiting are embedded together; none is kept waiting for another.

With --out the vectors go into a file that numpy.load opens, float32, a row a line, however many there are. Until it is whole it is
FILE.part: the same command, given the same lines, goes on where it was cut off or killed.`,
		Example: `  echo "general relativity" | paperlab embed --model all-MiniLM-L6-v2
  paperlab embed --precision bf16 --out vectors.npy < titles.txt`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return v.run(cmd) },
	}
	v.on.flags(cmd)
	v.before.flags(cmd, "text")
	sentenceFlag(cmd, &v.model)
	cmd.Flags().StringVarP(&v.out, "out", "o", "", "file for the vectors, of NumPy's format (vectors.npy)")
	cmd.Flags().BoolVar(&v.normalize, "normalize", false, "scale vectors to length 1 where the model itself does not")
	cli.Count(cmd, &v.maxLength, "max-length", 0, 0, "tokens from which on a text's end is cut off (0: as the model has it)")
	return cmd
}

func (v *embed) run(cmd *cobra.Command) error {
	m, err := loadEncoder(v.model, v.on)
	if err != nil {
		return err
	}
	defer m.Close()
	if err := v.before.give(m); err != nil {
		return err
	}
	m.options.Normalize, m.options.MaxLength = v.normalize, v.maxLength
	if v.out == "" {
		err = m.printEmbeddings(cmd)
	} else {
		err = v.write(cmd, m)
	}
	if err != nil {
		return fmt.Errorf("embed: %w", err)
	}
	return nil
}

// printEmbeddings writes the embedding of each line of standard input.
func (e *encoder) printEmbeddings(cmd *cobra.Command) error {
	err := cli.Batches(cmd.Context(), cmd.InOrStdin(), embedBatch, func(texts []string) error {
		vectors, err := e.embed(cmd.Context(), texts...)
		if err != nil {
			return err
		}
		for i := range texts {
			err := console.JSON(cmd.OutOrStdout(), struct {
				Embedding []float32 `json:"embedding"`
			}{vectors[i*e.Dim() : (i+1)*e.Dim()]})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	return nil
}

// write makes a file of the embeddings of the lines of standard input.
func (v *embed) write(cmd *cobra.Command, m *encoder) (err error) {
	begin := time.Now()
	hash, err := m.hash()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(v.out), 0o755); err != nil {
		return err
	}
	vectors, err := m.Grow(v.out, hash, m.options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, vectors.Close()) }()
	before := vectors.Rows()
	if err := m.fillFrom(cmd, vectors); err != nil {
		return console.Hint(err, goOn(cmd.Context(), vectors))
	}
	rows := vectors.Rows()
	if err := vectors.Finish(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d vectors of %d components (%s)\n", v.out, rows, m.Dim(), effort(time.Since(begin), rows-before, "texts"))
	return err
}

func (e *encoder) fillFrom(cmd *cobra.Command, vectors *npy.Growing) error {
	bar := console.NewProgress(cmd.ErrOrStderr(), time.Now, console.Task{Label: "embedding", Unit: "text", Done: int64(vectors.Rows())})
	defer bar.End()
	sayWhere(bar, vectors)
	o := e.options
	o.Progress = func(done, _ int) { bar.Set(int64(done)) }
	return e.EncodeTo(cmd.Context(), vectors, linesOf(cmd.Context(), cmd.InOrStdin()), o)
}

// sayWhere says on a bar that work goes on.
func sayWhere(bar *console.Progress, vectors *npy.Growing) {
	if vectors.Rows() > 0 {
		bar.Linef("embedding: going on behind the %d vectors of %s", vectors.Rows(), vectors.Name())
	}
}

// goOn tells whoever stopped the work that it is not lost.
func goOn(ctx context.Context, vectors *npy.Growing) string {
	if ctx.Err() == nil || vectors.Rows() == 0 {
		return ""
	}
	return fmt.Sprintf("%d vectors are in %s: the same command goes on behind them", vectors.Rows(), vectors.Name())
}

// linesOf are the lines of r as a sequence.
func linesOf(ctx context.Context, r io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		enough := errors.New("enough")
		err := cli.Texts(ctx, r, func(text string) error {
			if !yield(text, nil) {
				return enough
			}
			return nil
		})
		if err != nil && !errors.Is(err, enough) {
			yield("", fmt.Errorf("standard input: %w", err))
		}
	}
}
