package session_test

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"paperlab/kernel/session"
)

func TestMagics(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("HOME", dir)
	t.Setenv("MAGIC", "old")
	if err := os.Mkdir("sub", 0o755); err != nil {
		t.Fatal(err)
	}
	n := newNotebook()
	n.Session = session.New(n.engine, session.Options{Track: func(context.Context) (any, error) { return "two runs", nil }})
	// Each goes on where the one before has ended.
	for _, c := range []struct {
		name string
		cell string
		want string // what is shown, as a regular expression, joined by bars
	}{
		{"a shell command", "$ echo a b | tr a-z A-Z", `stdout "A B\\n"`},
		{"a shell command without a space", "$echo a", `stdout "a\\n"`},
		{"a shell command as in IPython", "!echo a; echo b >&2", `stdout "a\\n"\|stderr "b\\n"|stderr "b\\n"\|stdout "a\\n"`},
		{"a shell command over several lines", "!echo a \\\n b\nprint c", `stdout "a b\\nc"`},
		{"an expression that begins with !", "declare ready", ``},
		{"several magics, then code", "%env MAGIC=1\n\n// a comment\n$ echo $MAGIC\nvalue 2", `stdout "MAGIC=1\\n1\\n"\|result \d+ 2`},
		{"a variable of the environment", "%env MAGIC", `stdout "1\\n"`},
		{"a value in quotation marks", `%env MAGIC="a b"`, `stdout "MAGIC=a b\\n"`},
		{"all variables", "%env", `(?s).*MAGIC=a b\\n.*`},
		{"a file is written", "%%writefile f.txt\n\na %d\n", `stdout "Writing f.txt\\n"`},
		{"a file is overwritten", "%%writefile f.txt\n\na %d", `stdout "Overwriting f.txt\\n"`},
		{"a file grows", "%%writefile -a f.txt\nb", `stdout "Appending to f.txt\\n"`},
		{"what is in the file", "!cat f.txt", `stdout "\\na %d\\nb\\n"`},
		{"the time of a line", "%time value 3", `stdout "CPU time: .*, wall time: .*\\n"\|result \d+ 3`},
		{"the time of a line before code", "%time print a\nvalue 3", `stdout "aCPU time: .*, wall time: .*\\n"\|result \d+ 3`},
		{"the time of a cell", "%%time\nprint a\nvalue 3", `stdout "aCPU time: .*, wall time: .*\\n"\|result \d+ 3`},
		{"the time of a line that is repeated", "%timeit sleep 201ms", `stdout "20.*ms a loop, best of 5 rounds of 1 loops \(mean .*ms\)\\n"`},
		{"the time of a cell that is repeated", "%%timeit\nsleep 201ms", `stdout "20.*ms a loop, best of 5 rounds of 1 loops .*`},
		{"names", "%who", `stdout "Name +Kind +Type +Value\\nready +variable +int +1\\n"`},
		{"names are forgotten", "%reset", `stdout "The notebook has forgotten .*"`},
		{"no names", "%who", `stdout "The notebook has declared nothing.\\n"`},
		{"documentation", "?print", `display .*func print.*print prints\. as `},
		{"documentation, asked behind the name", "print?", `display .*func print.*print prints\. as `},
		{"the live runs", "%track", `result \d+ two runs`},
		{"help", "%help", `stdout "Magics.*%cd \[DIR\].*`},
		{"help as in gomacro", ":help", `stdout "Magics.*%cd \[DIR\].*`},
		{"a list of magics", "%lsmagic", `stdout "Magics.*%cd \[DIR\].*`},
		{"modules as in gophernotes", "%go111module off\nprint a", `stdout "a"`},
		{"another folder", "%cd sub\n!pwd", `stdout ".*/sub\\n"`},
		{"home", "%cd\n!pwd", `stdout "[^ ]*[^b]\\n"`},
		{"a percent sign in code is none of these", "print %d", `stdout "%d"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := n.run(context.Background(), c.cell); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(n.take(), "|"); !regexp.MustCompile("(?s)^(" + c.want + ")$").MatchString(got) {
				t.Errorf("shown %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestMagicsThatFail(t *testing.T) {
	t.Chdir(t.TempDir())
	for cell, want := range map[string]string{
		"%cd nowhere":                 "%cd: chdir nowhere: no such file or directory",
		"$ exit 3":                    "$ exit 3: exit status 3",
		"!nosuchprogram":              "exit status 127",
		"%env NOSUCHVARIABLE":         "%env NOSUCHVARIABLE: the variable is not set",
		"%env =1":                     "%env =1: setenv: invalid argument",
		"%%writefile\na":              "%%writefile: want the name of a file",
		"%%writefile no/such/dir/f\n": "%%writefile: ",
		"%time":                       "%time: want code behind it",
		"%%time print a":              "the code begins in the next line",
		"%timeit":                     "%timeit: want code behind it",
		"%reset everything":           "it takes no arguments",
		"%go111module maybe":          "want on or off",
		"?nosuch":                     "?nosuch: nothing is known of it",
		"%nosuch":                     "there is no magic %nosuch; there are ! $ %%time",
		"%track":                      "this kernel knows no tracker",
		"%time eof":                   "EOF",
		"%%time\neof":                 "EOF",
		"%%timeit eof":                "the code begins in the next line",
		"%%timeit\neof":               "EOF",
		"%timeit eof":                 "EOF",
	} {
		t.Run(cell, func(t *testing.T) {
			n := newNotebook()
			err := n.run(context.Background(), cell+"\nprint behind")
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %s", err, want)
			}
			if got := strings.Join(n.take(), ""); strings.Contains(got, "behind") {
				t.Error("what follows was run")
			}
		})
	}
}

func TestErrorsInTimedCodeNameItsPlace(t *testing.T) {
	for cell, want := range map[string]string{
		"\n%time prnt a":        "In[1]:2:7: undefined: prnt",
		"\n%timeit prnt a":      "In[1]:2:9: undefined: prnt",
		"\n%%timeit\n\n prnt a": "In[1]:4:2: undefined: prnt",
		"\n%%time\n\nprnt a":    "In[1]:4:1: undefined: prnt",
	} {
		n := newNotebook()
		if err := n.run(context.Background(), cell); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", cell, err, want)
		}
	}
}

func TestAnExpressionThatBeginsLikeAShellCommandIsGo(t *testing.T) {
	n := newNotebook()
	if err := n.run(context.Background(), "declare ready"); err != nil {
		t.Fatal(err)
	}
	for _, cell := range []string{"!ready", "!true", "!strings.Contains(a, b)", "!(a && b)"} {
		if err := n.run(context.Background(), cell); err == nil || !strings.Contains(err.Error(), "undefined: !") {
			t.Errorf("%s: %v, want it to reach the engine", cell, err)
		}
	}
	for _, cell := range []string{"!true; echo", "!ls", "!pwd"} {
		if err := n.run(context.Background(), cell); err != nil {
			t.Errorf("%s: %v, want it to reach the shell", cell, err)
		}
	}
}
