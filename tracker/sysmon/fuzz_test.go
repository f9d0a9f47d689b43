package sysmon_test

import (
	"math"
	"testing"

	"paperlab/tracker/sysmon"
)

// FuzzMachine reads what a kernel might say.
func FuzzMachine(f *testing.F) {
	for _, path := range []string{"proc/stat", "proc/meminfo", "proc/42/stat", "proc/diskstats", "proc/net/dev"} {
		f.Add(path, before[path].Data)
	}
	f.Add("sys/fs/cgroup/cpu.max", []byte("50000 100000"))
	f.Add("sys/fs/cgroup/memory.max", []byte("1073741824"))
	f.Add("sys/fs/cgroup/memory.stat", []byte("inactive_file 1"))
	group := map[string]string{
		"sys/fs/cgroup/cgroup.controllers": "cpu memory\n", "sys/fs/cgroup/cpu.max": "100000 100000\n", "sys/fs/cgroup/cpu.stat": "usage_usec 1\n",
		"sys/fs/cgroup/memory.max": "1073741824\n", "sys/fs/cgroup/memory.current": "1\n", "sys/fs/cgroup/memory.stat": "anon 1\n",
	}
	f.Fuzz(func(t *testing.T, path string, content []byte) {
		root := with(with(before, group), map[string]string{path: string(content)})
		monitor, err := sysmon.NewMonitor(sysmon.Options{Root: root, PID: me, NVML: none})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			samples, _ := monitor.Sample() // nonsense is an error
			for _, s := range samples {
				if math.IsNaN(s.Value) || s.Value < 0 {
					t.Errorf("%s is %v", s.Key, s.Value)
				}
			}
		}
	})
}
