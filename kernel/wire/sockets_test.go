package wire_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"

	"paperlab/kernel/wire"
	"paperlab/kernel/wire/wiretest"
)

// logged is a log that may be read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// listen opens sockets on free ports.
func listen(t *testing.T, log io.Writer) *wire.Sockets {
	t.Helper()
	sockets, err := wire.Listen(wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: "secret", SignatureScheme: "hmac-sha256"},
		slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sockets.Close)
	return sockets
}

func address(sockets *wire.Sockets, port int) string {
	return fmt.Sprintf("%s:%d", sockets.Connection().IP, port)
}

func TestARequestIsAnsweredToItsSender(t *testing.T) {
	sockets := listen(t, io.Discard)
	clients := []*wiretest.Client{wiretest.Dial(t, sockets.Connection()), wiretest.Dial(t, sockets.Connection())}
	for _, client := range clients {
		id := client.Shell.Send(wire.KernelInfoRequest{})
		request := <-sockets.Shell.Requests()
		if request.Header.ID != id || request.Header.Type != "kernel_info_request" {
			t.Errorf("got %+v", request.Header)
		}
		if err := sockets.Shell.Reply(request, wire.KernelInfoReply{Status: wire.OK}, nil); err != nil {
			t.Fatal(err)
		}
		if reply := client.Shell.Receive(); reply.Parent.ID != id {
			t.Errorf("the reply belongs to %s, want %s", reply.Parent.ID, id)
		}
		// The client is reached by the same route on stdin.
		if err := sockets.Stdin.Send(request.Sender, request.AsParent(), wire.InputRequest{Prompt: "?"}, nil); err != nil {
			t.Fatal(err)
		}
		if asked := client.Stdin.Receive(); asked.Header.Type != "input_request" || asked.Parent.ID != id {
			t.Errorf("got %+v", asked)
		}
	}
	for _, client := range clients {
		if !client.Shell.Idle() || !client.Stdin.Idle() {
			t.Error("a client got what was meant for another one")
		}
	}
}

func TestAClientThatIsGoneCannotBeReached(t *testing.T) {
	sockets := listen(t, io.Discard)
	err := sockets.Shell.Send([][]byte{[]byte("nobody")}, nil, wire.InputRequest{}, nil)
	if !errors.Is(err, wire.ErrUnreachable) {
		t.Errorf("%v, want %v", err, wire.ErrUnreachable)
	}
}

func TestAMessageWithoutTheKeyIsDroppedAndLogged(t *testing.T) {
	var log logged
	sockets := listen(t, &log)
	stranger := sockets.Connection()
	stranger.Key = "guess"
	frames, err := wire.NewCodec("guess", at).Encode(nil, wire.ExecuteRequest{Code: "1"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := wiretest.Dial(t, sockets.Connection())
	client.Shell.SendFrames(frames...)
	id := client.Shell.Send(wire.KernelInfoRequest{})
	if request := <-sockets.Shell.Requests(); request.Header.ID != id {
		t.Errorf("got %+v", request.Header)
	}
	if !strings.Contains(log.String(), "signature") {
		t.Errorf("logged %q", log.String())
	}
}

func TestTheHeartbeatSendsBackWhatItGets(t *testing.T) {
	sockets := listen(t, io.Discard)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for range 2 {
		heart := zmq4.NewReq(ctx)
		defer heart.Close()
		if err := heart.Dial("tcp://" + address(sockets, sockets.Connection().HeartbeatPort)); err != nil {
			t.Fatal(err)
		}
		for _, beat := range []string{"ping", strings.Repeat("x", 1000)} {
			if err := heart.Send(zmq4.NewMsgString(beat)); err != nil {
				t.Fatal(err)
			}
			if m, err := heart.Recv(); err != nil || string(m.Bytes()) != beat {
				t.Errorf("%q, %v, want %q", m.Bytes(), err, beat)
			}
		}
	}
}

func TestEverySubscriberIsWelcomedAndMissesNothing(t *testing.T) {
	sockets := listen(t, io.Discard)
	const count = 1000
	clients := []*wiretest.Client{wiretest.Dial(t, sockets.Connection()), wiretest.Dial(t, sockets.Connection())}
	for i := range count {
		if err := sockets.IOPub.Publish(nil, wire.Stream{Name: "stdout", Text: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, client := range clients {
		for i := range count {
			var stream wire.Stream
			wiretest.Content(t, client.IOPub.Receive(), &stream)
			if stream.Text != fmt.Sprint(i) {
				t.Fatalf("got %q at %d", stream.Text, i)
			}
		}
	}
}

// stopped opens a connection to iopub, subscribes to everything and reads nothing more.
func stopped(t *testing.T, sockets *wire.Sockets) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address(sockets, sockets.Connection().IOPubPort))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	z, err := zmq4.Open(conn, null.Security(), zmq4.Sub, nil, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := z.SendMsg(zmq4.NewMsg([]byte{1})); err != nil {
		t.Fatal(err)
	}
	if _, err := z.RecvMsg(); err != nil { // the welcome
		t.Fatal(err)
	}
	return conn
}

func TestAReaderThatStopsHarmsNobody(t *testing.T) {
	var log logged
	sockets := listen(t, &log)
	stuck := stopped(t, sockets)
	client := wiretest.Dial(t, sockets.Connection())
	const count, size = 200, 1 << 20
	text := strings.Repeat("x", size)
	for range count {
		if err := sockets.IOPub.Publish(nil, wire.Stream{Name: "stdout", Text: text}); err != nil {
			t.Fatal(err)
		}
		sockets.IOPub.Pace(context.Background())
		client.IOPub.Receive()
	}
	if !strings.Contains(log.String(), "stopped reading") {
		t.Errorf("the one that stopped is not disconnected: %s", log.String())
	}
	drained, err := io.Copy(io.Discard, stuck)
	if drained > count*size/2 {
		t.Errorf("%d bytes were kept for it, %v", drained, err)
	}
}

func TestTheOnlyReaderIsWaitedForUntilItStops(t *testing.T) {
	var log logged
	sockets := listen(t, &log)
	stopped(t, sockets)
	text := strings.Repeat("x", 1<<20)
	for range 60 {
		if err := sockets.IOPub.Publish(nil, wire.Stream{Name: "stdout", Text: text}); err != nil {
			t.Fatal(err)
		}
		sockets.IOPub.Pace(context.Background())
	}
	if !strings.Contains(log.String(), "stopped reading") {
		t.Errorf("logged %q", log.String())
	}
}

func TestPaceEndsWithItsContext(t *testing.T) {
	sockets := listen(t, io.Discard)
	stopped(t, sockets)
	for range 40 {
		if err := sockets.IOPub.Publish(nil, wire.Stream{Name: "stdout", Text: strings.Repeat("x", 1<<20)}); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	sockets.IOPub.Pace(ctx)
}

func TestGarbageOnASocketHarmsNobody(t *testing.T) {
	greeting := append(append([]byte{0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0}, "NULL"...), make([]byte, 48)...)
	for name, garbage := range map[string][]byte{
		"nothing":                  {},
		"another protocol":         []byte("GET / HTTP/1.1\r\nHost: kernel\r\n\r\n" + strings.Repeat(" ", 64)),
		"a greeting only":          greeting,
		"a command without end":    append(bytes.Clone(greeting), 6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
		"an unknown type":          append(bytes.Clone(greeting), "\x04\x1b\x05READY\x0bSocket-Type\x00\x00\x00\x05WRONG"...),
		"metadata that is cut":     append(bytes.Clone(greeting), "\x04\x0a\x05READY\x0bSoc"...),
		"metadata with a big size": append(bytes.Clone(greeting), "\x04\x16\x05READY\x0bSocket-Type\x7f\xff\xff\xff"...),
		"a frame without end":      append(bytes.Clone(greeting), "\x04\x1c\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER\x02\x7f\xff\xff\xff\xff\xff\xff\xff"...),
	} {
		t.Run(name, func(t *testing.T) {
			sockets := listen(t, io.Discard)
			conn, err := net.Dial("tcp", address(sockets, sockets.Connection().ShellPort))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := conn.Write(garbage); err != nil {
				t.Fatal(err)
			}
			client := wiretest.Dial(t, sockets.Connection())
			id := client.Shell.Send(wire.KernelInfoRequest{})
			if request := <-sockets.Shell.Requests(); request.Header.ID != id {
				t.Errorf("got %+v", request.Header)
			}
		})
	}
}

func TestWhatIsQueuedIsSentBeforeTheSocketsClose(t *testing.T) {
	sockets := listen(t, io.Discard)
	client := wiretest.Dial(t, sockets.Connection())
	id := client.Control.Send(wire.ShutdownRequest{})
	request := <-sockets.Control.Requests()
	if err := sockets.Control.Reply(request, wire.ShutdownReply{Status: wire.OK}, nil); err != nil {
		t.Fatal(err)
	}
	go sockets.Close()
	if reply := client.Control.Receive(); reply.Parent.ID != id {
		t.Errorf("got %+v", reply)
	}
}

func TestTwoKernelsCannotShareAPort(t *testing.T) {
	sockets := listen(t, io.Discard)
	_, err := wire.Listen(sockets.Connection(), slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "open socket shell") {
		t.Errorf("%v, want the socket named", err)
	}
}

func TestSocketsOfAnotherTransport(t *testing.T) {
	base := filepath.Join(t.TempDir(), "kernel")
	sockets, err := wire.Listen(wire.Connection{Transport: "ipc", IP: base, ShellPort: 1, ControlPort: 2, StdinPort: 3, IOPubPort: 4, HeartbeatPort: 5},
		slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer sockets.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	dealer := zmq4.NewDealer(ctx)
	defer dealer.Close()
	if err := dealer.Dial("ipc://" + base + "-1"); err != nil {
		t.Fatal(err)
	}
	frames, err := wire.NewCodec("", at).Encode(nil, wire.KernelInfoRequest{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := dealer.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		t.Fatal(err)
	}
	if request := <-sockets.Shell.Requests(); request.Header.Type != "kernel_info_request" {
		t.Errorf("got %+v", request.Header)
	}
}
