package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/hub"
)

// cacheLs lists repositories, a line a revision.
func cacheLs() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List the models and data sets in the cache, with revisions and sizes",
		Example: `  paperlab cache ls
  paperlab cache ls --json | jq -r 'select(.bytes > 1e9) | .name'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cache := hub.Default()
			repositories, err := cache.Repositories()
			if err != nil {
				return err
			}
			if asJSON {
				for _, r := range repositories {
					if err := console.JSON(cmd.OutOrStdout(), r); err != nil {
						return err
					}
				}
				return nil
			}
			if len(repositories) == 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "nothing is in %s\n", cache.Dir)
				return nil
			}
			return console.Table(cmd.OutOrStdout(), []string{"REPOSITORY", "REVISION", "REFS", "FILES", "MB"}, revisionRows(repositories))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a repository")
	return cmd
}

// revisionRows are a line a revision; a repository that holds none, only parts of files, has a line too.
func revisionRows(repositories []hub.Repository) (rows [][]string) {
	for _, r := range repositories {
		if len(r.Revisions) == 0 {
			rows = append(rows, []string{r.Name, "none is whole", "", "", megabytes(r.Bytes)})
		}
		for _, v := range r.Revisions {
			rows = append(rows, []string{r.Name, v.Commit, strings.Join(v.Refs, ", "), fmt.Sprint(v.Files), megabytes(v.Bytes)})
		}
	}
	return rows
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f", float64(bytes)/1e6) }
