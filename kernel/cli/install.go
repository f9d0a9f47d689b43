package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

func installKernel() *cobra.Command {
	var at place
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Make the kernel known to Jupyter",
		Long: `Make the kernel known to Jupyter, for the current user unless another place is named. JupyterLab, the classic Notebook, jupyter console,
nbconvert and papermill then find it by its name. Installed as gophernotes it opens notebooks that were written for that kernel.`,
		Example: `  paperlab kernel install
  paperlab kernel install --sys-prefix --as gophernotes
  paperlab kernel install --prefix /opt/jupyter`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := at.dir(cmd)
			if err == nil {
				err = install(cmd, at, dir)
			}
			if err != nil {
				return fmt.Errorf("kernel install: %w", err)
			}
			return nil
		},
	}
	at.add(cmd)
	return cmd
}

// install writes the kernelspec into its folder, unless somebody else's is there.
func install(cmd *cobra.Command, at place, dir string) error {
	_, found, err := lookAt(dir)
	if err != nil {
		return err
	}
	if found == foreign {
		return hinted{fmt.Errorf("%s holds another kernel of that name", dir), "remove it: jupyter kernelspec remove " + at.name}
	}
	executable, err := thisExecutable()
	if err != nil {
		return err
	}
	spec := newKernelspec(executable, at.name)
	if err := spec.write(dir); err != nil {
		return err
	}
	return report(cmd, at, dir, "installed")
}

// thisExecutable returns the path of the command that people type, whichever of the two executables this is.
func thisExecutable() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	if light := strings.TrimSuffix(path, "-native"); light != path {
		if _, err := os.Stat(light); err == nil {
			return light, nil
		}
	}
	return path, nil
}

// report says what was done.
func report(cmd *cobra.Command, at place, dir, done string) error {
	if !at.json {
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s kernel %s in %s\n", done, at.name, dir)
		return err
	}
	return json.NewEncoder(cmd.OutOrStdout()).Encode(struct {
		Name string `json:"name"`
		Dir  string `json:"dir"`
		Done string `json:"done"`
	}{at.name, filepath.Clean(dir), done})
}
