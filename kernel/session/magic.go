package session

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// magic is a command of the kernel, not Go.
type magic struct {
	usage string
	help  string
	run   func(r *run, step step) ([]any, error)
}

// magics are all magics by name. Each family has a file of its own.
var magics map[string]magic

func init() {
	magics = map[string]magic{
		"%cd":          {"%cd [DIR]", "go to a folder, home if none is named", changeFolder},
		"$":            {"$ COMMAND", "run a shell command", shell},
		"!":            {"! COMMAND", "run a shell command", shell},
		"?":            {"? NAME, NAME?", "show the declaration and documentation of a name", document},
		"%env":         {"%env [NAME[=VALUE]]", "show environment variables, or set one", environment},
		"%%writefile":  {"%%writefile [-a] FILE", "write the rest of the cell to a file, or append it", writeFile},
		"%time":        {"%time CODE", "run a line of code and say how long it took", timeLine},
		"%%time":       {"%%time", "run the rest of the cell and say how long it took", timeCell},
		"%timeit":      {"%timeit CODE", "run a line of code many times and say how long once takes", timeLineRepeated},
		"%%timeit":     {"%%timeit", "run the rest of the cell many times and say how long once takes", timeCellRepeated},
		"%who":         {"%who", "list what the notebook has declared", who},
		"%reset":       {"%reset", "forget what the notebook has declared", reset},
		"%track":       {"%track", "show the live runs", track},
		"%go111module": {"%go111module on|off", "for notebooks of gophernotes: changes nothing", moduleMode},
		"%lsmagic":     {"%lsmagic", "list the magics", help},
		"%help":        {"%help", "list the magics", help},
	}
}

// magicNames returns the names of the magics, sorted.
func magicNames() []string { return slices.Sorted(maps.Keys(magics)) }

func help(r *run, _ step) ([]any, error) {
	r.print("Magics, at the head of a cell:")
	for _, name := range magicNames() {
		r.print("  %-22s %s", magics[name].usage, magics[name].help)
	}
	r.print("A cell is Go: declarations, statements, and at its end an expression, whose value is shown.")
	return nil, nil
}

// moduleMode takes what gophernotes takes. There it says how imports are fetched; here nothing is.
func moduleMode(_ *run, step step) ([]any, error) {
	if step.arg != "on" && step.arg != "off" {
		return nil, fmt.Errorf("%s %q: want on or off", step.name, step.arg)
	}
	return nil, nil
}

func track(r *run, _ step) ([]any, error) {
	shown, err := r.session.options.Track(r.ctx)
	if err != nil || shown == nil {
		return nil, err
	}
	return []any{shown}, nil
}

// completeMagic returns the magics that a cell can begin with.
func completeMagic(prefix string) (matches []string) {
	for _, name := range magicNames() {
		if strings.HasPrefix(name, prefix) {
			matches = append(matches, name)
		}
	}
	return matches
}
