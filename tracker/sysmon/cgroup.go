package sysmon

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// cgroup is the folder of this process's cgroup, version 2, below the root; empty where there is none.
func cgroup(root fs.FS) string {
	groups, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(groups)) {
		if own, ok := strings.CutPrefix(strings.TrimSpace(line), "0::/"); ok {
			folder := path.Join("sys/fs/cgroup", own)
			// In a container the path may be that outside of it.
			for _, folder := range []string{folder, "sys/fs/cgroup"} {
				if _, err := fs.Stat(root, path.Join(folder, "cgroup.controllers")); err == nil {
					return folder
				}
			}
		}
	}
	return ""
}

// memoryLimit is what memory.max says in bytes; ok is false for no limit.
func memoryLimit(max []byte) (bytes uint64, ok bool) {
	bytes, err := strconv.ParseUint(strings.TrimSpace(string(max)), 10, 64)
	return bytes, err == nil
}

// processorLimit is what cpu.max says, "quota period", in processors; ok is false for no limit.
func processorLimit(max []byte) (processors float64, ok bool) {
	fields := strings.Fields(string(max))
	if len(fields) != 2 {
		return 0, false
	}
	quota, err1 := strconv.ParseUint(fields[0], 10, 64)
	period, err2 := strconv.ParseUint(fields[1], 10, 64)
	if err1 != nil || err2 != nil || quota == 0 || period == 0 {
		return 0, false
	}
	return float64(quota) / float64(period), true
}
