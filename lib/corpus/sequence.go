package corpus

import (
	"errors"
	"iter"
)

// Limit returns the first n papers of a sequence and the errors between them. It reads nothing behind the nth.
func Limit(papers iter.Seq2[Paper, error], n int) iter.Seq2[Paper, error] {
	return func(yield func(Paper, error) bool) {
		left := n
		if left <= 0 {
			return
		}
		for p, err := range papers {
			if err == nil {
				left--
			}
			if !yield(p, err) || left == 0 {
				return
			}
		}
	}
}

// Skip returns a sequence without its malformed lines, each of which is handed to report first.
func Skip(papers iter.Seq2[Paper, error], report func(*LineError)) iter.Seq2[Paper, error] {
	return func(yield func(Paper, error) bool) {
		for p, err := range papers {
			var malformed *LineError
			if errors.As(err, &malformed) {
				report(malformed)
				continue
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

// Collect gathers a sequence up to its end or to its first error, malformed lines included. The papers before the
// error are returned with it.
func Collect(papers iter.Seq2[Paper, error]) ([]Paper, error) {
	var all []Paper
	for p, err := range papers {
		if err != nil {
			return all, err
		}
		all = append(all, p)
	}
	return all, nil
}
