package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
)

// doctor runs the verb with two checks more than its own.
func doctor(t *testing.T, args ...string) string {
	t.Helper()
	root := &cobra.Command{Use: "paperlab"}
	root.AddCommand(cli.Doctor(
		cli.Check{Part: "well", Run: func(context.Context) (string, string) { return "3.1", "" }},
		cli.Check{Part: "many", Run: func(context.Context) (string, string) { return strings.Repeat("part 1.0, ", 30) + "end", "" }},
		cli.Check{Part: "ill", Run: func(context.Context) (string, string) { return "nowhere", "make it" }},
	))
	console.Prepare(root)
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetArgs(append([]string{"doctor"}, args...))
	if err := root.ExecuteContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestDoctorSaysOfEachPartWhetherItIsThereAndTheMend(t *testing.T) {
	// The libraries are missing here, for no native executable lies beside the test: doctor still works.
	type finding struct{ Part, Status, Found, Mend string }
	found := map[string]finding{}
	for line := range strings.Lines(doctor(t, "--json")) {
		var f finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		found[f.Part] = f
	}
	if f := found["well"]; f != (finding{"well", "ok", "3.1", ""}) {
		t.Errorf("%+v", f)
	}
	if f := found["ill"]; f != (finding{"ill", "missing", "nowhere", "make it"}) {
		t.Errorf("%+v", f)
	}
	for _, part := range []string{"processor", "threads", "GPU", "disk"} {
		if found[part].Found == "" {
			t.Errorf("nothing about %s", part)
		}
	}
	for _, part := range []string{"libtorch", "FAISS"} {
		if f := found[part]; f.Status != "missing" || !strings.Contains(f.Found, "paperlab-native is missing") || f.Mend == "" {
			t.Errorf("%+v", f)
		}
	}
}

func TestDoctorPrintsATableAndBelowItTheMends(t *testing.T) {
	out := doctor(t)
	table, mends, ok := strings.Cut(out, "\nTo mend the rest:\n")
	if !ok || !strings.Contains(mends, "ill: make it\n") || strings.Contains(mends, "well") {
		t.Errorf("%s", out)
	}
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "well") && !strings.Contains(line, "ok") || strings.HasPrefix(line, "ill") && !strings.Contains(line, "missing") {
			t.Errorf("%q", line)
		}
		if strings.HasPrefix(line, "many") && (len(line) > 120 || !strings.HasSuffix(line, "part 1.0, …\n")) {
			t.Errorf("%q", line)
		}
	}
}
