package tensor

import (
	"os"
	"strings"
)

// Name returns what the device is called by its maker, "" where the system does not say.
func (d Device) Name() string {
	if d < 0 {
		return field("/proc/cpuinfo", "model name")
	}
	return ""
}

// field returns the value of the first line "name : value" of a file.
func field(path, name string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
