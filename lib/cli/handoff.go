package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
)

// Verb is the name and the one-line description of a command.
type Verb struct{ Name, Short string }

// computing lists the verbs that need libtorch or FAISS: the light executable shows them in its help and hands them over.
var computing = []Verb{
	{"init", "Make a model with random weights from a named configuration"},
	{"train", "Fine-tune a model to summarise or to search"},
	{"eval", "Measure a model: loss and ROUGE, or retrieval beside the baseline"},
	{"summarize", "Summarise texts with a T5 model"},
	{"index", "Build and search an index of papers"},
	{"embed", "Embed texts, one a line on standard input"},
	{"checkpoints", "List, verify and copy the checkpoints of trainings"},
}

// Short returns the description of a computing verb.
func Short(name string) string {
	for _, v := range computing {
		if v.Name == name {
			return v.Short
		}
	}
	return ""
}

// HandOff returns the computing verbs as commands for [ToNative].
func HandOff() []*cobra.Command {
	var commands []*cobra.Command
	for _, verb := range computing {
		commands = append(commands, ToNative(verb))
	}
	return commands
}

// ToNative returns a verb that replaces this process by the native executable beside it, with the same arguments, help
// included.
func ToNative(verb Verb) *cobra.Command {
	return &cobra.Command{
		Use: verb.Name, Short: verb.Short,
		DisableFlagParsing: true,
		RunE: func(*cobra.Command, []string) error {
			native, err := nativeExecutable()
			if err != nil {
				return err
			}
			err = syscall.Exec(native, append([]string{"paperlab"}, os.Args[1:]...), nativeEnvironment())
			return console.Hint(fmt.Errorf("starting %s: %w", native, err), setUp)
		},
	}
}

// nativeExecutable returns the path of paperlab-native, which lies beside this executable.
func nativeExecutable() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding paperlab-native: %w", err)
	}
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return "", fmt.Errorf("finding paperlab-native: %w", err)
	}
	native := filepath.Join(filepath.Dir(self), "paperlab-native")
	if _, err := os.Stat(native); errors.Is(err, fs.ErrNotExist) {
		return "", console.Hint(fmt.Errorf("%s is missing: this verb needs libtorch and FAISS", native), setUp)
	} else if err != nil {
		return "", fmt.Errorf("finding paperlab-native: %w", err)
	}
	return native, nil
}

// nativeEnvironment keeps libgomp's idle threads from spinning: two programs that spin on the same cores now and then
// take ten times as long. It has to be set before libgomp is loaded, hence here.
func nativeEnvironment() []string {
	env := os.Environ()
	if _, set := os.LookupEnv("OMP_WAIT_POLICY"); !set {
		env = append(env, "OMP_WAIT_POLICY=passive")
	}
	return env
}
