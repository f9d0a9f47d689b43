package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func uninstallKernel() *cobra.Command {
	var at place
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Make Jupyter forget the kernel",
		Long:  "Make Jupyter forget the kernel. It is looked for where install puts it with the same flags; another kernel of that name stays.",
		Example: `  paperlab kernel uninstall
  paperlab kernel uninstall --sys-prefix --as gophernotes`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := at.dir(cmd)
			if err == nil {
				err = uninstall(cmd, at, dir)
			}
			if err != nil {
				return fmt.Errorf("kernel uninstall: %w", err)
			}
			return nil
		},
	}
	at.add(cmd)
	return cmd
}

// uninstall removes the files that install has written, and the folder if nothing else is in it.
func uninstall(cmd *cobra.Command, at place, dir string) error {
	_, found, err := lookAt(dir)
	if err != nil {
		return err
	}
	switch found {
	case absent:
		return hinted{fmt.Errorf("there is no kernel in %s", dir), "jupyter kernelspec list shows which are installed, and where"}
	case foreign:
		return fmt.Errorf("the kernel in %s is not ours", dir)
	}
	files, err := logos()
	if err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(dir, specFile)); err != nil {
		return err
	}
	for name := range files {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	_ = os.Remove(dir) // which the system refuses if there is something in it that is not ours
	return report(cmd, at, dir, "removed")
}
