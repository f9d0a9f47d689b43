package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Texts calls do for each line of r, without its line break, however long; the last needs none. Invalid UTF-8 becomes U+FFFD,
// a byte each. An error of do ends it and names the line.
func Texts(r io.Reader, do func(text string) error) error {
	lines := bufio.NewReaderSize(r, 1<<16)
	for n := 1; ; n++ {
		line, err := lines.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if line == "" {
			return nil
		}
		text := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if err := do(ValidText(text)); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
}

// ValidText replaces each invalid byte of a text by U+FFFD.
func ValidText(text string) string { return string([]rune(text)) }
