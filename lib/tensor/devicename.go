package tensor

import (
	"os"
	"path/filepath"
	"strings"
)

// Name returns what the device is called by its maker, "" where the system does not say, or has GPUs of several models:
// CUDA numbers them in another order than the driver.
func (d Device) Name() string {
	if d < 0 {
		return field("/proc/cpuinfo", "model name")
	}
	return commonField("/proc/driver/nvidia/gpus/*/information", "Model")
}

// commonField returns the value that all files of a pattern have for a name.
func commonField(pattern, name string) (common string) {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return ""
	}
	for i, file := range files {
		value := field(file, name)
		if i > 0 && value != common {
			return ""
		}
		common = value
	}
	return common
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
