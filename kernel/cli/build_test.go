package cli

import (
	"io"
	"strings"
	"testing"
)

func TestBuildRefusesWhatItCannotBuild(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"nothing to bind":         {nil, `required flag(s) "with" not set`},
		"sources are not there":   {[]string{"--with", "example.com/x", "--source", t.TempDir()}, "no sources of Paperlab in "},
		"an argument too many":    {[]string{"example.com/x"}, "unknown command"},
		"a folder without go.mod": {[]string{"--with", t.TempDir()}, "is not the folder of a Go module"},
	} {
		cmd := buildCommand()
		cmd.SetArgs(test.args)
		cmd.SetOut(io.Discard)
		cmd.SetErr(io.Discard)
		if err := cmd.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}
