package sysmon

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"paperlab/tracker"
)

const mebibyte = 1 << 20

// Monitor takes samples of the machine. It belongs to one goroutine at a time.
type Monitor struct {
	root   fs.FS
	pid    int
	clock  func() time.Time
	cgroup string
	gpus   *gpus
	// allocated is what libtorch holds on the GPU in bytes; nil where nobody can say.
	allocated func() (bytes int64, ok bool)

	last  counters // at the last sample
	first counters // at the first, from which bytes are counted
}

// counters only grow while the machine runs; those that it does not tell stay zero.
type counters struct {
	at             time.Time
	busy, ticks    uint64 // of the machine's processors
	group          uint64 // microseconds of processor time in the cgroup
	process        uint64 // ticks of the process and those below it
	disk, network  flow
	diskOK, hasNet bool
}

// NewMonitor returns a monitor of this process. The error says what of the hardware could not be opened; the monitor works
// without it. Close it in the end.
func NewMonitor(o Options) (*Monitor, error) {
	m := &Monitor{root: o.Root, pid: o.PID, clock: o.Clock, allocated: o.Allocated}
	if m.root == nil {
		m.root = os.DirFS("/")
	}
	if m.pid == 0 {
		m.pid = os.Getpid()
	}
	if m.clock == nil {
		m.clock = time.Now
	}
	if o.NVML == nil {
		o.NVML = nvml.New()
	}
	m.cgroup = cgroup(m.root)
	var err error
	m.gpus, err = openGPUs(o.NVML)
	return m, err
}

// Close lets go of the GPUs.
func (m *Monitor) Close() error {
	if m.gpus == nil {
		return nil
	}
	return m.gpus.close()
}

// Sample returns what the machine does now, without steps and times:
//
//   - system/cpu_percent of what all processors, or the cgroup, can do since the last sample; none the first time
//   - system/process_cpu_percent of one processor, by the process and those below it, since the last sample
//   - system/memory_mb in use on the machine, or in the cgroup, and system/memory_percent of what there is
//   - system/process_memory_mb, the resident set; system/process_tree_memory_mb, with those below it
//   - system/disk_read_mb, disk_written_mb, network_received_mb, network_sent_mb, of the machine since the first sample
//   - for each GPU, with the context gpu=0 and so on: system/gpu_percent, gpu_memory_mb, gpu_temperature_c, gpu_power_w
//   - system/gpu_allocated_mb, what libtorch holds
//
// A megabyte is 2^20 bytes. What cannot be found out is left out, and the error says so unless the machine just does not have it.
func (m *Monitor) Sample() ([]tracker.Sample, error) {
	var samples []tracker.Sample
	add := func(key string, context tracker.Context, value float64) {
		samples = append(samples, tracker.Sample{Key: "system/" + key, Context: context, Point: tracker.Point{Value: value}})
	}
	put := func(key string, value float64) { add(key, "", value) }
	now := counters{at: m.clock()}
	failures := []error{m.processors(&now, put), m.memory(put), m.processes(&now, put), m.disks(&now, put), m.networks(&now, put)}
	if m.gpus != nil {
		failures = append(failures, m.gpus.sample(add))
	}
	if m.allocated != nil {
		if bytes, ok := m.allocated(); ok {
			put("gpu_allocated_mb", float64(bytes)/mebibyte)
		}
	}
	if m.first.at.IsZero() {
		m.first = now
	}
	m.last = now
	for i, err := range failures {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			failures[i] = nil
		}
	}
	return samples, errors.Join(failures...)
}

// read reads a file below the root.
func (m *Monitor) read(elements ...string) ([]byte, error) {
	return fs.ReadFile(m.root, path.Join(elements...))
}

// elapsed is the time since the last sample in seconds; 0 at the first, or where the clock stands still.
func (m *Monitor) elapsed(now counters) float64 {
	if m.last.at.IsZero() {
		return 0
	}
	return max(0, now.at.Sub(m.last.at).Seconds())
}
