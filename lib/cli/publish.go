package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/hub"
	"paperlab/lib/hub/modelcard"
)

// Publish returns the verb that makes a model's folder ready for the hub and, if told to, uploads it.
func Publish() *cobra.Command {
	var p publication
	cmd := &cobra.Command{
		Use:   "publish DIR",
		Short: "Write a model's card, and upload the model to the hub if told to",
		Long: `Write a model's card: README.md with the hub's YAML header, from the model's configuration and its last evaluation in
training. A README.md that this did not write stays. Nothing is uploaded without --push, which needs --repo and a token that may
write in HF_TOKEN; a repository that is not there is made, for everybody to see. What only a training that goes on needs stays here.`,
		Example: `  paperlab publish model_checkpoints/summarize/checkpoint-300 --base-model google/flan-t5-small
  HF_TOKEN=hf_... paperlab publish model_checkpoints/summarize/checkpoint-300 --repo me/papers-t5 --push`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return p.run(cmd, args[0]) },
	}
	cmd.Flags().StringVar(&p.repo, "repo", "", "repository on the hub, ORGANISATION/NAME")
	cmd.Flags().StringVar(&p.base, "base-model", "", "what it was fine-tuned from, by its name on the hub (default: as the card that is there has it, else a T5's config.json)")
	cmd.Flags().BoolVar(&p.push, "push", false, "upload the folder")
	cmd.Flags().BoolVar(&p.force, "force", false, "replace a README.md that this did not write")
	return cmd
}

type publication struct {
	repo, base  string
	push, force bool
}

func (p publication) run(cmd *cobra.Command, dir string) error {
	if p.push && p.repo == "" {
		return console.Usage(errors.New("publish: --push needs --repo ORGANISATION/NAME"))
	}
	card, err := modelcard.Read(dir)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if p.repo != "" {
		card.Name = p.repo
	}
	if p.base != "" {
		card.BaseModel = p.base
	}
	written, err := modelcard.Write(dir, card, p.force)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if !written {
		fmt.Fprintln(cmd.ErrOrStderr(), "README.md was written or changed by somebody and stays (--force replaces it)")
	}
	if card.BaseModel == "" {
		fmt.Fprintln(cmd.ErrOrStderr(), "the card does not say what the model was fine-tuned from: --base-model ORGANISATION/NAME says it")
	}
	if p.push {
		return p.upload(cmd, dir)
	}
	files, err := hub.Uploads(dir)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	rows := make([][]string, len(files))
	for i, f := range files {
		rows[i] = []string{f.Name, megabytes(f.Bytes)}
	}
	if err := console.Table(cmd.OutOrStdout(), []string{"FILE", "MB"}, rows); err != nil {
		return err
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "nothing was uploaded: --push --repo ORGANISATION/NAME uploads these files")
	return nil
}

func (p publication) upload(cmd *cobra.Command, dir string) error {
	shown := transfer{cmd: cmd, label: p.repo}
	defer shown.end()
	address, err := hub.Default().Push(cmd.Context(), dir, p.repo, "Upload the model with paperlab", shown.progress)
	if err != nil {
		return err
	}
	shown.end()
	_, err = fmt.Fprintln(cmd.OutOrStdout(), address)
	return err
}
