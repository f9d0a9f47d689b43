package hook_test

import (
	"fmt"
	"os"
	"testing"
)

// TestMain gives the tests a folder of their own for what is spooled.
func TestMain(m *testing.M) { os.Exit(testInFolder(m)) }

func testInFolder(m *testing.M) int {
	folder, err := os.MkdirTemp("", "hook-test-")
	if err == nil {
		defer os.RemoveAll(folder)
		err = os.Setenv("XDG_STATE_HOME", folder)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}
