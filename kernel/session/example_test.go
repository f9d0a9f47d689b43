package session_test

import (
	"context"
	"fmt"

	"paperlab/kernel/session"
	"paperlab/kernel/wire"
)

// Two cells of a notebook, shown on standard output.
func ExampleSession_Run() {
	s := session.New(newScript(), session.Options{}) // interp.New makes an engine for Go
	show := func(content wire.Content) {
		switch c := content.(type) {
		case wire.Stream:
			fmt.Print(c.Text)
		case wire.ExecuteResult:
			fmt.Printf("Out[%d]: %v\n", c.ExecutionCount, c.Data["text/plain"])
		}
	}
	for i, code := range []string{"!echo from the shell\nvalue 42", "panic \"no more\""} {
		if _, err := s.Run(context.Background(), session.Cell{Number: i + 1, Code: code}, show); err != nil {
			explained := s.Explain(err)
			fmt.Println(explained.Name+":", explained.Value)
		}
	}
	// Output:
	// from the shell
	// Out[1]: 42
	// panic: no more
}
