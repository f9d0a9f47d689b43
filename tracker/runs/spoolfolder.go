package runs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

const spoolSuffix = ".jsonl"

// spoolFolders are where spool files lie: in the user's folder for state (XDG base directories), else among temporary files.
func spoolFolders() []string {
	var folders []string
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		folders = append(folders, filepath.Join(state, "paperlab", "spool"))
	} else if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, filepath.Join(home, ".local", "state", "paperlab", "spool"))
	}
	return append(folders, filepath.Join(os.TempDir(), fmt.Sprintf("paperlab-spool-%d", os.Getuid())))
}

// checkPrivate refuses a folder in which others can write.
func checkPrivate(folder string) error {
	var stat unix.Stat_t
	if err := unix.Lstat(folder, &stat); err != nil {
		return &os.PathError{Op: "look at", Path: folder, Err: err}
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFDIR || int(stat.Uid) != os.Getuid() || stat.Mode&0o022 != 0 {
		return fmt.Errorf("%s: not a folder of this user's alone", folder)
	}
	return nil
}

// spooled returns the spool files of a run, those of all runs if it is empty, the oldest first.
func spooled(run string) (files []string) {
	for _, folder := range spoolFolders() {
		if checkPrivate(folder) != nil {
			continue // nothing was kept there
		}
		entries, _ := os.ReadDir(folder)
		for _, entry := range entries {
			if strings.HasPrefix(entry.Name(), run) && strings.HasSuffix(entry.Name(), spoolSuffix) {
				files = append(files, filepath.Join(folder, entry.Name()))
			}
		}
	}
	return files
}
