package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/hub"
)

// cacheLs lists repositories, a line a revision, and then the folders of Paperlab's own cache.
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
			own, err := ownRows()
			if err != nil {
				return err
			}
			if asJSON {
				return printCaches(cmd.OutOrStdout(), repositories, own)
			}
			rows := revisionRows(repositories)
			for _, o := range own {
				rows = append(rows, []string{o.Name, "", "", fmt.Sprint(o.Files), megabytes(o.Bytes)})
			}
			if len(rows) == 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "nothing is in %s\n", cache.Dir)
				return nil
			}
			return console.Table(cmd.OutOrStdout(), []string{"REPOSITORY", "REVISION", "REFS", "FILES", "MB"}, rows)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a repository, and one a folder of Paperlab's own")
	return cmd
}

// ownUse is what a folder of Paperlab's own cache holds.
type ownUse struct {
	Name  string `json:"name"`
	Files int    `json:"files"`
	Bytes int64  `json:"bytes"`
}

// ownRows are the folders of Paperlab's own cache that hold something.
func ownRows() (rows []ownUse, err error) {
	for _, c := range ownCaches {
		files, bytes, err := c.use()
		if err != nil {
			return nil, err
		}
		if files > 0 {
			rows = append(rows, ownUse{c.name(), files, bytes})
		}
	}
	return rows, nil
}

func printCaches(w io.Writer, repositories []hub.Repository, own []ownUse) error {
	for _, r := range repositories {
		if err := console.JSON(w, r); err != nil {
			return err
		}
	}
	for _, o := range own {
		if err := console.JSON(w, o); err != nil {
			return err
		}
	}
	return nil
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
