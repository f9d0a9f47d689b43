package wire_test

import (
	"fmt"
	"log"
	"log/slog"

	"paperlab/kernel/wire"
)

// A kernel that knows nothing but its name.
func ExampleListen() {
	connection := wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: "secret", SignatureScheme: "hmac-sha256"} // or ReadConnection
	sockets, err := wire.Listen(connection, slog.New(slog.DiscardHandler))
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		for request := range sockets.Shell.Requests() {
			if err := sockets.Shell.Reply(request, wire.KernelInfoReply{Status: wire.OK, Implementation: "nothing"}, nil); err != nil {
				log.Print(err)
			}
		}
	}()
	sockets.Close()
	fmt.Println(sockets.Connection().ShellPort > 0)
	// Output: true
}
