package compute

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
)

// description is the JSON of an index.
type description struct {
	File       string `json:"file"`
	Papers     int    `json:"papers"`
	Dimensions int    `json:"dimensions"`
	Model      string `json:"model"`
	Prompt     string `json:"prompt,omitempty"` // before the text of each paper
}

// indexInfoCommand returns the verb that describes an index.
func indexInfoCommand() *cobra.Command {
	var file string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "info",
		Short: "Describe an index",
		Example: `  paperlab index info
  paperlab index info --index arxiv.faiss --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := describe(file)
			if err != nil {
				return err
			}
			if asJSON {
				return console.JSON(cmd.OutOrStdout(), d)
			}
			before := ""
			if d.Prompt != "" {
				before = fmt.Sprintf(", each paper behind %q", d.Prompt)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d papers, %d dimensions, flat L2, of %s%s\n", d.File, d.Papers, d.Dimensions, d.Model, before)
			return err
		},
	}
	indexFlag(cmd, &file)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

func describe(file string) (description, error) {
	index, err := readIndex(file)
	if err != nil {
		return description{}, err
	}
	defer index.Close()
	return description{file, index.Len(), index.Dim(), index.Model(), index.Prompt()}, nil
}
