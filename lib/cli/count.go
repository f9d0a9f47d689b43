package cli

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
)

// Count adds a flag for a whole number of things, of which there are least or more. What is smaller, or no whole number, is
// misuse of the command.
func Count(cmd *cobra.Command, to *int, name string, value, least int, usage string) {
	CountP(cmd, to, name, "", value, least, usage)
}

// CountP is [Count] for a flag that also has a letter.
func CountP(cmd *cobra.Command, to *int, name, letter string, value, least int, usage string) {
	*to = value
	cmd.Flags().VarP(&count{to, least}, name, letter, usage)
}

// count is a pflag.Value.
type count struct {
	to    *int
	least int
}

func (c *count) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil {
		return errors.New("not a whole number")
	}
	if n < c.least {
		return fmt.Errorf("at least %d is needed", c.least)
	}
	*c.to = n
	return nil
}

func (c *count) String() string {
	if c.to == nil { // pflag compares with the zero value
		return "0"
	}
	return strconv.Itoa(*c.to)
}

func (c *count) Type() string { return "int" }
