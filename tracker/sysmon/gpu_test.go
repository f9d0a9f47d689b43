package sysmon_test

import (
	"os"
	"testing"

	"paperlab/tracker/sysmon"
)

func TestGPUOfThisMachineTellsAllThatIsSampled(t *testing.T) {
	if _, err := os.Stat("/dev/nvidiactl"); err != nil {
		t.Skip("SKIPPED: no NVIDIA GPU with its driver here (make test-gpu runs this where there is one)")
	}
	monitor, err := sysmon.NewMonitor(sysmon.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer monitor.Close()
	samples, err := monitor.Sample()
	if err != nil {
		t.Error(err)
	}
	found := map[string]float64{}
	for _, s := range samples {
		if s.Context == "gpu=0" {
			found[s.Key] = s.Value
		}
	}
	for key, most := range map[string]float64{
		"system/gpu_percent": 100, "system/gpu_memory_mb": 1 << 20, "system/gpu_temperature_c": 120, "system/gpu_power_w": 2000,
	} {
		if value, ok := found[key]; !ok || value < 0 || value > most {
			t.Errorf("%s is %v, there: %v; want at most %v", key, value, ok, most)
		}
	}
	if found["system/gpu_temperature_c"] == 0 || found["system/gpu_power_w"] == 0 {
		t.Errorf("a GPU at %v degrees that takes %v W", found["system/gpu_temperature_c"], found["system/gpu_power_w"])
	}
}
