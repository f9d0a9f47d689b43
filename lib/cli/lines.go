package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Texts calls do for each line of r, without its line break, however long; the last needs none. Invalid UTF-8 becomes
// U+FFFD, a byte each. An error of do ends it and names the line; so does the end of ctx, even while r keeps it waiting.
// In that case a read of r is still under way when Texts returns.
func Texts(ctx context.Context, r io.Reader, do func(text string) error) error {
	return Batches(ctx, r, 1, func(texts []string) error { return do(texts[0]) })
}

// Batches is [Texts] for work that is faster on several lines at once: do gets at most size of them, in order. It never
// waits for more lines while it has one, so that whoever writes a line and reads the answer gets it at once.
func Batches(ctx context.Context, r io.Reader, size int, do func(texts []string) error) error {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	lines := readLines(reading, r, size)
	for first := 1; ; {
		batch, err := nextBatch(ctx, lines, size)
		if len(batch) > 0 {
			if err := do(batch); err != nil {
				return fmt.Errorf("%s: %w", lineNumbers(first, len(batch)), err)
			}
			first += len(batch)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", lineNumbers(first, 1), err)
		}
	}
}

// ValidText replaces each invalid byte of a text by U+FFFD.
func ValidText(text string) string { return string([]rune(text)) }

func lineNumbers(first, count int) string {
	if count == 1 {
		return fmt.Sprintf("line %d", first)
	}
	return fmt.Sprintf("lines %d to %d", first, first+count-1)
}

// line is one line, or the error that ended the reading; that of the last line is io.EOF.
type line struct {
	text string
	err  error
}

// readLines reads on its own goroutine, as far ahead as one batch, until ctx ends.
func readLines(ctx context.Context, r io.Reader, ahead int) <-chan line {
	lines := make(chan line, ahead)
	go func() {
		buffered := bufio.NewReaderSize(r, 1<<16)
		for {
			text, err := buffered.ReadString('\n')
			if text != "" && (err == nil || errors.Is(err, io.EOF)) {
				text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
				if !send(ctx, lines, line{text: ValidText(text)}) {
					return
				}
			}
			if err != nil {
				send(ctx, lines, line{err: err})
				return
			}
		}
	}()
	return lines
}

func send(ctx context.Context, lines chan<- line, l line) bool {
	select {
	case lines <- l:
		return true
	case <-ctx.Done():
		return false
	}
}

// nextBatch waits for one line and takes those that are there already. The error is what came behind them.
func nextBatch(ctx context.Context, lines <-chan line, size int) (batch []string, err error) {
	select {
	case l := <-lines:
		if l.err != nil {
			return nil, l.err
		}
		batch = append(batch, l.text)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for len(batch) < size {
		select {
		case l := <-lines:
			if l.err != nil {
				return batch, l.err
			}
			batch = append(batch, l.text)
		default:
			return batch, nil
		}
	}
	return batch, nil
}
