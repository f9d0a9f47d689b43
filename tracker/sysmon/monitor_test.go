package sysmon_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
	"github.com/NVIDIA/go-nvml/pkg/nvml/mock"

	"paperlab/tracker"
	"paperlab/tracker/sysmon"
)

// machine is what holds proc and sys.
type machine = fstest.MapFS

func files(contents map[string]string) machine {
	m := machine{}
	for path, content := range contents {
		m[path] = &fstest.MapFile{Data: []byte(content)}
	}
	return m
}

// with returns the machine with other contents of some files.
func with(m machine, contents map[string]string) machine {
	m = maps.Clone(m)
	maps.Copy(m, files(contents))
	return m
}

// processStat writes /proc/PID/stat of a process whose name is meant to confuse.
func processStat(pid, parent, user, system, waitedUser, waitedSystem, pages int) string {
	return fmt.Sprintf("%d (a) S 1 (b c) R %d 1 1 0 -1 4194560 1 1 0 0 %d %d %d %d 20 0 1 0 100 1000000 %d 18446744073709551615 1 1\n",
		pid, parent, user, system, waitedUser, waitedSystem, pages)
}

// pagesOf says how many pages so many megabytes are.
func pagesOf(megabytes int) int { return megabytes << 20 / os.Getpagesize() }

func diskStats(sectorsRead, sectorsWritten int) string {
	line := "   8 %7d %s 10 0 %d 1 20 0 %d 2 0 3 4 0 0 0 0 0 0\n"
	return fmt.Sprintf(line, 0, "sda", sectorsRead, sectorsWritten) + fmt.Sprintf(line, 1, "sda1", sectorsRead, sectorsWritten) +
		fmt.Sprintf(line, 2, "loop0", 7, 7)
}

func netDev(received, sent int) string {
	return "Inter-|   Receive                                                |  Transmit\n" +
		" face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n" +
		"    lo: 999 1 0 0 0 0 0 0 999 1 0 0 0 0 0 0\n" +
		fmt.Sprintf("  eth0:%d 1 0 0 0 0 0 0 %d 1 0 0 0 0 0 0\n", received, sent) +
		"docker0: 77 1 0 0 0 0 0 0 77 1 0 0 0 0 0 0\n"
}

const me = 42

// before and after are a machine of 2 processors, 10 seconds apart.
var before = files(map[string]string{
	"proc/stat":                        "cpu  100 0 100 800 0 0 0 0 50 0\ncpu0 50 0 50 400 0 0 0 0 0 0\n",
	"proc/meminfo":                     "MemTotal:        4194304 kB\nMemFree:  1 kB\nMemAvailable:    3145728 kB\n",
	"proc/42/stat":                     processStat(me, 1, 100, 0, 0, 0, pagesOf(200)),
	"proc/43/stat":                     processStat(43, me, 10, 10, 0, 0, pagesOf(50)),
	"proc/44/stat":                     processStat(44, 43, 0, 0, 5, 5, pagesOf(6)),
	"proc/99/stat":                     processStat(99, 1, 5000, 0, 0, 0, pagesOf(999)),
	"proc/diskstats":                   diskStats(2048, 4096),
	"proc/net/dev":                     netDev(1<<20, 2<<20),
	"proc/self/cgroup":                 "0::/\n",
	"sys/block/sda/device/vendor":      "",
	"sys/class/net/eth0/device/vendor": "",
})

var after = with(before, map[string]string{
	"proc/stat":      "cpu  600 0 600 1600 0 0 0 0 50 0\n",
	"proc/42/stat":   processStat(me, 1, 1000, 0, 0, 0, pagesOf(300)),
	"proc/43/stat":   processStat(43, me, 60, 60, 0, 0, pagesOf(50)),
	"proc/diskstats": diskStats(2048+4096, 4096),
	"proc/net/dev":   netDev(4<<20, 3<<20),
})

// none is a machine without NVIDIA's driver.
var none = &mock.Interface{InitFunc: func() nvml.Return { return nvml.ERROR_LIBRARY_NOT_FOUND }}

// changing is a machine that changes.
type changing struct{ fs.FS }

// sampled returns the samples of two moments that lie 10 seconds apart, as "key?context": value.
func sampled(t *testing.T, o sysmon.Options, before, after machine) (first, second map[string]float64) {
	t.Helper()
	now, root := time.Unix(1000, 0), &changing{before}
	o.Root, o.PID, o.Clock = root, me, func() time.Time { return now }
	if o.NVML == nil {
		o.NVML = none
	}
	monitor, err := sysmon.NewMonitor(o)
	if err != nil {
		t.Fatal(err)
	}
	take := func() map[string]float64 {
		samples, err := monitor.Sample()
		if err != nil {
			t.Error(err)
		}
		values := map[string]float64{}
		for _, s := range samples {
			values[strings.TrimPrefix(strings.TrimSuffix(s.Key+"?"+string(s.Context), "?"), "system/")] = s.Value
		}
		return values
	}
	first = take()
	now, root.FS = now.Add(10*time.Second), after
	second = take()
	if err := monitor.Close(); err != nil {
		t.Error(err)
	}
	return first, second
}

func expect(t *testing.T, got, want map[string]float64) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestAMachineIsSampled(t *testing.T) {
	first, second := sampled(t, sysmon.Options{}, before, after)
	expect(t, first, map[string]float64{
		"memory_mb": 1024, "memory_percent": 25, "process_memory_mb": 200, "process_tree_memory_mb": 256,
		"disk_read_mb": 0, "disk_written_mb": 0, "network_received_mb": 0, "network_sent_mb": 0,
	})
	expect(t, second, map[string]float64{
		"cpu_percent": 100 * 1000. / 1800, "process_cpu_percent": 100, // 10 seconds in 10 seconds
		"memory_mb": 1024, "memory_percent": 25, "process_memory_mb": 300, "process_tree_memory_mb": 356,
		"disk_read_mb": 2, "disk_written_mb": 0, "network_received_mb": 3, "network_sent_mb": 1,
	})
}

func TestACgroupsLimitsAreWhatSharesAreOf(t *testing.T) {
	limited := map[string]string{
		"proc/self/cgroup": "0::/user.slice/job\n",
		"sys/fs/cgroup/user.slice/job/cgroup.controllers": "cpu memory\n",
		"sys/fs/cgroup/user.slice/job/cpu.max":            "50000 100000\n", // half a processor
		"sys/fs/cgroup/user.slice/job/cpu.stat":           "usage_usec 1000000\nuser_usec 1\n",
		"sys/fs/cgroup/user.slice/job/memory.max":         "1073741824\n",
		"sys/fs/cgroup/user.slice/job/memory.current":     "805306368\n",
		"sys/fs/cgroup/user.slice/job/memory.stat":        "anon 1\ninactive_file 268435456\n",
	}
	_, second := sampled(t, sysmon.Options{}, with(before, limited), with(with(after, limited), map[string]string{
		"sys/fs/cgroup/user.slice/job/cpu.stat": "usage_usec 3500000\n",
	}))
	if second["cpu_percent"] != 50 || second["memory_mb"] != 512 || second["memory_percent"] != 50 {
		t.Errorf("got %v", second)
	}

	unlimited := map[string]string{
		"sys/fs/cgroup/user.slice/job/cpu.max": "max 100000\n", "sys/fs/cgroup/user.slice/job/memory.max": "max\n",
	}
	_, second = sampled(t, sysmon.Options{}, with(with(before, limited), unlimited), with(with(after, limited), unlimited))
	if second["cpu_percent"] != 100*1000./1800 || second["memory_mb"] != 1024 {
		t.Errorf("without limits: %v", second)
	}
}

func TestWhatIsNotThereIsAbsent(t *testing.T) {
	first, second := sampled(t, sysmon.Options{}, machine{}, machine{})
	expect(t, first, map[string]float64{})
	expect(t, second, map[string]float64{})

	container := maps.Clone(before)
	delete(container, "sys/block/sda/device/vendor")
	delete(container, "sys/class/net/eth0/device/vendor")
	delete(container, "proc/42/stat")
	_, second = sampled(t, sysmon.Options{}, container, with(container, map[string]string{"proc/net/dev": netDev(2<<20, 2<<20)}))
	keys := slices.Sorted(maps.Keys(second))
	if want := []string{"memory_mb", "memory_percent", "network_received_mb", "network_sent_mb"}; !slices.Equal(keys, want) || second["network_received_mb"] != 1 {
		t.Errorf("got %v, want %v", second, want)
	}
}

func TestCountersThatBeginAnewAreNoLargeNumbers(t *testing.T) {
	_, second := sampled(t, sysmon.Options{}, after, before)
	for key, value := range second {
		if value < 0 || value > 1<<20 {
			t.Errorf("%s is %v", key, value)
		}
	}
	if _, ok := second["network_received_mb"]; ok {
		t.Error("bytes that went back are told")
	}
}

func TestNonsenseIsAnErrorAndTheRestIsThere(t *testing.T) {
	for path, content := range map[string]string{
		"proc/stat": "cpu  1 2 three 4 5 6\n", "proc/meminfo": "MemTotal: 5 kB\n", "proc/43/stat": "43 (a) S 1 2\n",
		"proc/net/dev": "eth0: 1 2\n", "proc/diskstats": "8 0 sda 1 1 x 1 1 1 1 1\n",
	} {
		monitor, err := sysmon.NewMonitor(sysmon.Options{Root: with(before, map[string]string{path: content}), PID: me, NVML: none})
		if err != nil {
			t.Fatal(err)
		}
		samples, err := monitor.Sample()
		if err == nil || len(samples) < 4 {
			t.Errorf("%s: %v, %v", path, samples, err)
		}
	}
}

func TestGPUsAreSampledByNVML(t *testing.T) {
	closed := false
	device := func(power nvml.Return) nvml.Device {
		return &mock.Device{
			GetUtilizationRatesFunc: func() (nvml.Utilization, nvml.Return) { return nvml.Utilization{Gpu: 87, Memory: 3}, nvml.SUCCESS },
			GetMemoryInfoFunc:       func() (nvml.Memory, nvml.Return) { return nvml.Memory{Total: 80 << 30, Used: 512 << 20}, nvml.SUCCESS },
			GetTemperatureFunc:      func(nvml.TemperatureSensors) (uint32, nvml.Return) { return 61, nvml.SUCCESS },
			GetPowerUsageFunc:       func() (uint32, nvml.Return) { return 250_500, power },
		}
	}
	devices := []nvml.Device{device(nvml.SUCCESS), device(nvml.ERROR_NOT_SUPPORTED)}
	library := &mock.Interface{
		InitFunc:                   func() nvml.Return { return nvml.SUCCESS },
		ShutdownFunc:               func() nvml.Return { closed = true; return nvml.SUCCESS },
		DeviceGetCountFunc:         func() (int, nvml.Return) { return len(devices), nvml.SUCCESS },
		DeviceGetHandleByIndexFunc: func(i int) (nvml.Device, nvml.Return) { return devices[i], nvml.SUCCESS },
	}
	held := func() (int64, bool) { return 256 << 20, true }
	first, _ := sampled(t, sysmon.Options{NVML: library, Allocated: held}, machine{}, machine{})
	expect(t, first, map[string]float64{
		"gpu_percent?gpu=0": 87, "gpu_memory_mb?gpu=0": 512, "gpu_temperature_c?gpu=0": 61, "gpu_power_w?gpu=0": 250.5,
		"gpu_percent?gpu=1": 87, "gpu_memory_mb?gpu=1": 512, "gpu_temperature_c?gpu=1": 61, "gpu_allocated_mb": 256,
	})
	if !closed {
		t.Error("NVML was not shut down")
	}

	unknown := func() (int64, bool) { return 0, false }
	first, _ = sampled(t, sysmon.Options{Allocated: unknown}, machine{}, machine{})
	expect(t, first, map[string]float64{})
}

func TestADriverThatFailsIsReportedAndTheRestWorks(t *testing.T) {
	broken := &mock.Interface{InitFunc: func() nvml.Return { return nvml.ERROR_UNKNOWN }}
	monitor, err := sysmon.NewMonitor(sysmon.Options{Root: before, PID: me, NVML: broken})
	if err == nil || !strings.Contains(err.Error(), "NVML") {
		t.Errorf("got %v", err)
	}
	if samples, err := monitor.Sample(); err != nil || len(samples) == 0 {
		t.Errorf("got %v, %v", samples, err)
	}
}

func TestThisMachineHasAProcessorAndMemory(t *testing.T) {
	monitor, err := sysmon.NewMonitor(sysmon.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer monitor.Close()
	var samples []tracker.Sample
	for range 2 {
		if samples, err = monitor.Sample(); err != nil {
			t.Fatal(err)
		}
	}
	found := map[string]float64{}
	for _, s := range samples {
		found[s.Key] = s.Value
	}
	if found["system/memory_percent"] <= 0 || found["system/memory_percent"] > 100 || found["system/process_memory_mb"] < 1 ||
		found["system/process_cpu_percent"] > 100*float64(runtime.NumCPU())*1.5 {
		t.Errorf("got %v", found)
	}
}
