package cli

import "fmt"

// counted is a number of things whose plural ends in s: "1 run", "2 runs".
func counted(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
