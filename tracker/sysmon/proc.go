package sysmon

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// The formats are those of proc(5).

const (
	ticksPerSecond = 100 // USER_HZ, in which Linux tells processor times on every architecture that we build for
	sectorBytes    = 512 // of /proc/diskstats, whatever the disk's own are
)

// cpuTimes reads the first line of /proc/stat: the ticks of all processors since boot, and those in which they worked.
// Guests' time is part of user time already.
func cpuTimes(stat []byte) (busy, total uint64, err error) {
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	fields := strings.Fields(string(line))
	if len(fields) < 6 || fields[0] != "cpu" {
		return 0, 0, fmt.Errorf("processor times: no line of cpu in %.40q", line)
	}
	const idle, ioWait, steal = 4, 5, 8
	for i, field := range fields[1:] {
		ticks, err := strconv.ParseUint(field, 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("processor times: %w", err)
		}
		if i+1 > steal {
			break
		}
		total += ticks
		if i+1 != idle && i+1 != ioWait {
			busy += ticks
		}
	}
	return busy, total, nil
}

// process is what /proc/PID/stat tells of a process.
type process struct {
	parent int
	ticks  uint64 // of processor time, with those of children that ended and were waited for
	pages  uint64 // in memory
}

// processStat reads /proc/PID/stat. The name in parentheses may hold anything.
func processStat(stat []byte) (p process, err error) {
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 22 {
		return p, fmt.Errorf("process: %d fields after the name, want 22", len(fields))
	}
	if p.parent, err = strconv.Atoi(fields[1]); err != nil {
		return p, fmt.Errorf("process: %w", err)
	}
	for _, field := range fields[11:15] { // utime, stime, cutime, cstime
		ticks, err := strconv.ParseUint(field, 10, 64)
		if err != nil {
			return p, fmt.Errorf("process: %w", err)
		}
		p.ticks += ticks
	}
	if p.pages, err = strconv.ParseUint(fields[21], 10, 64); err != nil {
		return p, fmt.Errorf("process: %w", err)
	}
	return p, nil
}

// named reads lines of "name: value" or "name value", as in /proc/meminfo and memory.stat, and returns one value.
func named(text []byte, name string) (value uint64, ok bool) {
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) > 1 && strings.TrimSuffix(fields[0], ":") == name {
			value, err := strconv.ParseUint(fields[1], 10, 64)
			return value, err == nil
		}
	}
	return 0, false
}

// flow counts bytes in and out: read and written, or received and sent.
type flow struct{ in, out uint64 }

// diskFlow adds up /proc/diskstats over the devices that count.
func diskFlow(stats []byte, counts func(device string) bool) (f flow, err error) {
	const name, sectorsRead, sectorsWritten = 2, 5, 9
	for line := range strings.Lines(string(stats)) {
		fields := strings.Fields(line)
		if len(fields) <= sectorsWritten || !counts(fields[name]) {
			continue
		}
		read, err := strconv.ParseUint(fields[sectorsRead], 10, 64)
		if err != nil {
			return f, fmt.Errorf("disk %s: %w", fields[name], err)
		}
		written, err := strconv.ParseUint(fields[sectorsWritten], 10, 64)
		if err != nil {
			return f, fmt.Errorf("disk %s: %w", fields[name], err)
		}
		f.in, f.out = f.in+read*sectorBytes, f.out+written*sectorBytes
	}
	return f, nil
}

// interfaceFlows reads /proc/net/dev, by interface.
func interfaceFlows(dev []byte) (map[string]flow, error) {
	const received, sent = 0, 8
	flows := map[string]flow{}
	for line := range strings.Lines(string(dev)) {
		name, counters, ok := strings.Cut(line, ":")
		if !ok { // a heading
			continue
		}
		name = strings.TrimSpace(name)
		fields := strings.Fields(counters)
		if len(fields) <= sent {
			return nil, fmt.Errorf("network interface %s: %d counters, want more than %d", name, len(fields), sent)
		}
		in, err := strconv.ParseUint(fields[received], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("network interface %s: %w", name, err)
		}
		out, err := strconv.ParseUint(fields[sent], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("network interface %s: %w", name, err)
		}
		flows[name] = flow{in, out}
	}
	return flows, nil
}
