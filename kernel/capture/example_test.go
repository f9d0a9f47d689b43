package capture_test

import (
	"fmt"
	"log"
	"syscall"

	"paperlab/kernel/capture"
)

// What is printed meanwhile ends up in a variable.
func ExampleStart() {
	var text []byte
	c, err := capture.Start(func(_ string, data []byte) { text = append(text, data...) })
	if err != nil {
		log.Fatal(err)
	}
	if _, err := syscall.Write(1, []byte("from C, say")); err != nil {
		log.Fatal(err)
	}
	c.Flush()
	if err := c.Stop(); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)
	// Output: from C, say
}
