package postgres_test

import (
	"context"
	"errors"
	"fmt"

	"paperlab/tracker"
	"paperlab/tracker/postgres"
)

// Nobody listens here; the error says so, says what to do, and keeps the password to itself.
func Example() {
	store, err := postgres.Open(context.Background(), "postgres://me:secret@127.0.0.1:1/papers")
	if err == nil {
		defer store.Close()
	}
	var full *tracker.Error
	if errors.As(err, &full) {
		fmt.Println(full)
		fmt.Println(full.Hint())
	}
	// Output:
	// open database postgres://me@127.0.0.1:1/papers: dial tcp 127.0.0.1:1: connect: connection refused
	// see that the server runs, and that the host and port in the address are right
}
