package sysmon

import (
	"errors"
	"fmt"
)

func (m *Monitor) processors(now *counters, put func(string, float64)) error {
	if max, err := m.read(m.cgroup, "cpu.max"); m.cgroup != "" && err == nil {
		if limit, ok := processorLimit(max); ok {
			return m.groupProcessors(now, limit, put)
		}
	}
	stat, err := m.read("proc/stat")
	if err != nil {
		return err
	}
	if now.busy, now.ticks, err = cpuTimes(stat); err != nil {
		return err
	}
	if m.last.ticks > 0 && now.ticks > m.last.ticks && now.busy >= m.last.busy {
		put("cpu_percent", 100*float64(now.busy-m.last.busy)/float64(now.ticks-m.last.ticks))
	}
	return nil
}

// groupProcessors tells the share of the processors that the cgroup may use.
func (m *Monitor) groupProcessors(now *counters, limit float64, put func(string, float64)) error {
	stat, err := m.read(m.cgroup, "cpu.stat")
	if err != nil {
		return err
	}
	usage, ok := named(stat, "usage_usec")
	if !ok {
		return fmt.Errorf("processor time: no usage_usec in cpu.stat")
	}
	now.group = usage
	if elapsed := m.elapsed(*now); elapsed > 0 && usage >= m.last.group {
		put("cpu_percent", 100*float64(usage-m.last.group)/1e6/elapsed/limit)
	}
	return nil
}

func (m *Monitor) memory(put func(string, float64)) error {
	info, err := m.read("proc/meminfo")
	if err != nil {
		return err
	}
	total, ok1 := named(info, "MemTotal")
	available, ok2 := named(info, "MemAvailable")
	if !ok1 || !ok2 || available > total || total == 0 {
		return fmt.Errorf("memory: /proc/meminfo has no MemTotal and MemAvailable that make sense")
	}
	total, used := total*1024, (total-available)*1024
	if limit, ofGroup, ok := m.groupMemory(); ok && limit < total {
		total, used = limit, ofGroup
	}
	put("memory_mb", float64(used)/mebibyte)
	put("memory_percent", 100*float64(used)/float64(total))
	return nil
}

// groupMemory is the cgroup's limit, and what is in use of it without the files that can be dropped from memory.
func (m *Monitor) groupMemory() (limit, used uint64, ok bool) {
	if m.cgroup == "" {
		return 0, 0, false
	}
	max, err1 := m.read(m.cgroup, "memory.max")
	current, err2 := m.read(m.cgroup, "memory.current")
	stat, err3 := m.read(m.cgroup, "memory.stat")
	if errors.Join(err1, err2, err3) != nil {
		return 0, 0, false
	}
	limit, limited := memoryLimit(max)
	used, known := memoryLimit(current)
	files, _ := named(stat, "inactive_file")
	return limit, used - min(files, used), limited && known && limit > 0
}
