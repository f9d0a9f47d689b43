package sysmon

import (
	"io/fs"
	"os"
	"strconv"
)

// processes tells of this process and those below it. One that ends meanwhile is passed over.
func (m *Monitor) processes(now *counters, put func(string, float64)) error {
	entries, err := fs.ReadDir(m.root, "proc")
	if err != nil {
		return err
	}
	all := map[int]process{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		stat, err := m.read("proc", entry.Name(), "stat")
		if err != nil {
			continue
		}
		if all[pid], err = processStat(stat); err != nil {
			return err
		}
	}
	own, ok := all[m.pid]
	if !ok {
		return nil
	}
	var pages uint64
	for pid, p := range all {
		if below(all, pid, m.pid) {
			pages += p.pages
			now.process += p.ticks
		}
	}
	size := float64(os.Getpagesize()) / mebibyte
	put("process_memory_mb", float64(own.pages)*size)
	put("process_tree_memory_mb", float64(pages)*size)
	// A process below that nobody waited for takes its time with it.
	if elapsed := m.elapsed(*now); elapsed > 0 && now.process >= m.last.process {
		put("process_cpu_percent", 100*float64(now.process-m.last.process)/ticksPerSecond/elapsed)
	}
	return nil
}

// below reports whether a process is the root of a tree or in it. Parents may change while /proc is read, so the way up is
// as long as there are processes at most.
func below(all map[int]process, pid, root int) bool {
	for range len(all) {
		if pid == root {
			return true
		}
		p, ok := all[pid]
		if !ok {
			return false
		}
		pid = p.parent
	}
	return false
}
