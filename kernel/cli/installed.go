package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// Installed tells under which names Jupyter finds the kernel, and the mend where it does not: a check for the doctor verb.
func Installed(ctx context.Context) (found, mend string) {
	const install = "paperlab kernel install"
	var names []string
	for _, data := range dataDirs(ctx) {
		dirs, err := filepath.Glob(filepath.Join(data, "kernels", "*"))
		if err != nil {
			continue // a name that is no pattern
		}
		for _, dir := range dirs {
			spec, state, err := lookAt(dir)
			if err != nil || state != ours {
				continue
			}
			if _, err := os.Stat(spec.Argv[0]); err != nil {
				return dir + " points to " + spec.Argv[0] + ", which is not there", install
			}
			names = append(names, filepath.Base(dir)+" in "+filepath.Dir(dir))
		}
	}
	if len(names) == 0 {
		return "not installed", install
	}
	return strings.Join(names, ", "), ""
}
