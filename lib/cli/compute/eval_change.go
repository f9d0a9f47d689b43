package compute

import (
	"context"
	"fmt"
	"io"

	"paperlab/lib/console"
	"paperlab/lib/sentence"
)

// comparison is how far a fine-tuned model is from its baseline.
type comparison struct {
	Text       string  `json:"text"`
	Cosine     float64 `json:"cosine"` // of its two embeddings
	Change     float64 `json:"total_parameter_change"`
	ChangeNorm float64 `json:"parameter_change_norm"`
}

func compare(ctx context.Context, tuned, base *encoder, text string) (comparison, error) {
	a, err := tuned.embed(ctx, text)
	if err != nil {
		return comparison{}, err
	}
	b, err := base.embed(ctx, text)
	if err != nil {
		return comparison{}, err
	}
	sum, norm, err := sentence.Change(tuned.Model, base.Model)
	return comparison{text, sentence.Cosine(a, b), sum, norm}, err
}

// metrics are the figures as a tracker keeps them.
func (c comparison) metrics() map[string]float64 {
	return map[string]float64{"cosine": c.Cosine, "total_parameter_change": c.Change, "parameter_change_norm": c.ChangeNorm}
}

func (c comparison) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return console.JSON(w, c)
	}
	_, err := fmt.Fprintf(w, "Cosine of the two embeddings of %q: %.4f\nTotal Parameter Change: %.6f (L2 norm %.6f)\n", c.Text, c.Cosine, c.Change, c.ChangeNorm)
	return err
}
