package sysmon_test

import (
	"fmt"

	"paperlab/tracker/sysmon"
)

// One look at the machine, without a run.
func ExampleMonitor() {
	monitor, err := sysmon.NewMonitor(sysmon.Options{})
	if err != nil {
		fmt.Println(err)
	}
	defer monitor.Close()
	samples, err := monitor.Sample()
	for _, s := range samples {
		if s.Key == "system/process_memory_mb" {
			fmt.Println("this process uses memory:", s.Value > 0, err)
		}
	}
	// Output: this process uses memory: true <nil>
}
