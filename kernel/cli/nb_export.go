package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"paperlab/kernel/headless/page"
	"paperlab/kernel/nbformat"
)

// exportNotebook writes a notebook as a page for people.
func exportNotebook() *cobra.Command {
	var html, trust bool
	var out string
	cmd := &cobra.Command{
		Use:   "export --html FILE",
		Short: "Write a notebook as one HTML page",
		Long: `Write a notebook as one HTML page that needs nothing else: text typeset, Go colored, pictures inlined, for light and dark
screens and for paper. Nothing in the page runs: HTML of the notebook's outputs and texts is sanitized, unless it is to be trusted.`,
		Example: `  paperlab nb export --html notebooks/summarize.ipynb
  paperlab nb export --html out.ipynb -o report.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				out = strings.TrimSuffix(args[0], filepath.Ext(args[0])) + ".html"
			}
			if err := writePage(args[0], out, trust); err != nil {
				return fmt.Errorf("nb export: %w", err)
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), out)
			return err
		},
	}
	cmd.Flags().BoolVar(&html, "html", false, "as HTML")
	cmd.Flags().StringVarP(&out, "out", "o", "", "file to write (default: FILE with .html)")
	cmd.Flags().BoolVar(&trust, "trust", false, "let HTML and scripts of the notebook through as they are")
	if err := cmd.MarkFlagRequired("html"); err != nil {
		panic(err) // the flag was declared above
	}
	return cmd
}

// writePage writes the page whole or not at all.
func writePage(path, out string, trust bool) (err error) {
	nb, err := nbformat.Read(path)
	if err != nil {
		return err
	}
	folder, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	var b bytes.Buffer
	if err := page.Write(&b, nb, page.Options{Name: filepath.Base(path), Folder: folder.FS(), Trust: trust}); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return renameio.WriteFile(out, b.Bytes(), 0o644)
}
