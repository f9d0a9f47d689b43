package tensor

import (
	"os"
	"path/filepath"
	"testing"
)

func TestGPUsOfOneModelHaveItsName(t *testing.T) {
	for name, c := range map[string]struct {
		files []string
		want  string
	}{
		"one":                {[]string{"Model: \t\t NVIDIA H100 80GB HBM3\nIRQ: 7\n"}, "NVIDIA H100 80GB HBM3"},
		"two of one model":   {[]string{"Model: Tesla T4\n", "IRQ: 7\nModel: Tesla T4\n"}, "Tesla T4"},
		"two of two models":  {[]string{"Model: Tesla T4\n", "Model: Tesla P4\n"}, ""},
		"one without a name": {[]string{"IRQ: 7\n"}, ""},
		"none":               {nil, ""},
	} {
		dir := t.TempDir()
		for i, text := range c.files {
			if err := os.WriteFile(filepath.Join(dir, string(rune('a'+i))), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got := commonField(filepath.Join(dir, "*"), "Model"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestTheProcessorHasAName(t *testing.T) {
	if field("/proc/cpuinfo", "model name") == "" {
		t.Skip("/proc/cpuinfo names no model here")
	}
	if CPU.Name() == "" {
		t.Error("the processor has no name")
	}
}
