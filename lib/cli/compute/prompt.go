package compute

import (
	"errors"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
)

// prompt is the flags of what stands before each text, which some models want.
type prompt struct{ text, name string }

func (p *prompt) flags(cmd *cobra.Command, what string) {
	cmd.Flags().StringVar(&p.text, "prompt", "", "what stands before each "+what+", as some models want it (\"query: \")")
	cmd.Flags().StringVar(&p.name, "prompt-name", "", "name of the model's own prompt to take: query, passage, ...")
}

// give makes an encoder put the prompt before each text.
func (p *prompt) give(e *encoder) (err error) {
	switch {
	case p.text != "" && p.name != "":
		return console.Usage(errors.New("--prompt and --prompt-name: give one of them"))
	case p.name != "":
		e.options.Prompt, err = e.Prompt(p.name)
		return err
	}
	e.options.Prompt = p.text
	return nil
}
