package store_test

import (
	"encoding/binary"
	"io"
	"net"
	"strconv"
	"testing"
	"time"

	"paperlab/lib/dist/store"
)

// FuzzServer sends a server what a client would not: it hangs up, or answers, and serves the next.
func FuzzServer(f *testing.F) {
	hello := binary.LittleEndian.AppendUint32([]byte{0}, 0x3C85F7CE)
	length := func(n uint64) string { return string(binary.LittleEndian.AppendUint64(nil, n)) }
	for _, query := range []string{
		"", "\x0d1234", "\x01" + length(1) + "a" + length(1) + "b", "\x03" + length(1) + "a", "\x04" + length(1) + "a" + length(7),
		"\x06" + length(1) + length(1) + "a\x0c", "\x01" + length(1<<63), "\x05" + length(1<<62), "\x0b" + length(2) + length(1) + "a", "\xff",
	} {
		f.Add([]byte(query))
	}
	server, err := store.Serve("127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = server.Close() }) // the processes of a fuzzer end as they like
	f.Fuzz(func(t *testing.T, queries []byte) {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(server.Port())))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		// The server may hang up in the middle of it.
		_, _ = conn.Write(append(hello, queries...))
		_ = conn.(*net.TCPConn).CloseWrite()
		if _, err := io.Copy(io.Discard, conn); err != nil {
			if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
				t.Fatalf("the server neither answered nor hung up after %q", queries)
			}
		}
		client, err := store.Dial(t.Context(), "127.0.0.1", server.Port(), 10*time.Second)
		if err != nil {
			t.Fatalf("the next client: %v", err)
		}
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
}
