package session_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"paperlab/kernel/session"
	"paperlab/kernel/wire"
	"paperlab/kernel/wire/wiretest"
)

// kernel is a kernel on free ports, with a client if it has one.
type kernel struct {
	*wiretest.Client
	t          *testing.T
	engine     *script
	kernel     *session.Kernel
	connection wire.Connection
	served     sync.WaitGroup
	log        bytes.Buffer // to be read when served is done
}

// startAlone starts a kernel; the test's end stops it.
func startAlone(t *testing.T) *kernel {
	t.Helper()
	k := &kernel{t: t, engine: newScript()}
	log := slog.New(slog.NewTextHandler(&k.log, nil))
	sockets, err := wire.Listen(wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: "secret", SignatureScheme: "hmac-sha256"}, log)
	if err != nil {
		t.Fatal(err)
	}
	s := session.New(k.engine, session.Options{Pace: sockets.IOPub.Pace})
	k.engine.captured = s.Captured
	k.kernel = session.NewKernel(s, sockets, session.Info{Implementation: "script", Version: "1", Banner: "hello", GoVersion: "1.26"}, log)
	k.connection = sockets.Connection()
	ctx, cancel := context.WithCancel(context.Background())
	k.served.Go(func() {
		defer sockets.Close()
		k.kernel.Serve(ctx)
	})
	t.Cleanup(func() {
		cancel()
		k.served.Wait()
	})
	return k
}

// start starts a kernel with a client.
func start(t *testing.T) *kernel {
	t.Helper()
	k := startAlone(t)
	k.Client = wiretest.Dial(t, k.connection)
	return k
}

// ask sends a request on a channel and reads the reply.
func (k *kernel) ask(channel *wiretest.Channel, request wire.Content, reply wire.Content) {
	k.t.Helper()
	m := channel.Answer(channel.Send(request))
	if want := strings.Replace(request.MessageType(), "request", "reply", 1); m.Header.Type != want {
		k.t.Errorf("the reply is %s, want %s", m.Header.Type, want)
	}
	wiretest.Content(k.t, m, reply)
}

// types are the types of messages.
func types(messages []*wire.Message) (types []string) {
	for _, m := range messages {
		types = append(types, m.Header.Type)
	}
	return types
}

func no() *bool { b := false; return &b }

func TestTheKernelIntroducesItself(t *testing.T) {
	k := start(t)
	for _, channel := range []*wiretest.Channel{k.Shell, k.Control} {
		var info wire.KernelInfoReply
		k.ask(channel, wire.KernelInfoRequest{}, &info)
		if info.Status != "ok" || info.ProtocolVersion != "5.4" || info.Implementation != "script" || info.LanguageInfo.Name != "go" ||
			info.LanguageInfo.FileExtension != ".go" || info.LanguageInfo.Version != "1.26" || info.Banner != "hello" || info.Debugger ||
			!slices.Equal(info.SupportedFeatures, []string{"iopub_welcome"}) {
			t.Errorf("%+v", info)
		}
	}
}

func TestAClientThatDoesNotListenIsAnswered(t *testing.T) {
	k := startAlone(t)
	shell := zmq4.NewDealer(t.Context())
	defer shell.Close()
	if err := shell.Dial(fmt.Sprintf("tcp://127.0.0.1:%d", k.connection.ShellPort)); err != nil {
		t.Fatal(err)
	}
	codec := wire.NewCodec(k.connection.Key, time.Now)
	frames, err := codec.Encode(nil, wire.KernelInfoRequest{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		t.Fatal(err)
	}
	answer, err := shell.Recv()
	if err != nil {
		t.Fatal(err)
	}
	if m, err := codec.Decode(answer.Frames); err != nil || m.Header.Type != "kernel_info_reply" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestControlIsServedWhileACellRuns(t *testing.T) {
	k := start(t)
	cell := k.Execute("print a\nwait")
	<-k.engine.entered
	var info wire.KernelInfoReply
	k.ask(k.Control, wire.KernelInfoRequest{}, &info)
	var interrupted wire.Reply
	k.ask(k.Control, wire.InterruptRequest{}, &interrupted)
	var reply wire.ExecuteReply
	wiretest.Content(t, k.Shell.Answer(cell), &reply)
	if info.Status != "ok" || interrupted.Status != "ok" || reply.Error == nil || reply.Error.Name != "Interrupted" {
		t.Errorf("%+v, %+v, %+v", info, interrupted, reply)
	}
	if got, want := types(k.UntilIdle(cell)), []string{"execute_input", "stream", "error"}; !slices.Equal(got, want) {
		t.Errorf("broadcast %q, want %q", got, want)
	}
}

func TestAnInterruptOfAnIdleKernelDoesNothing(t *testing.T) {
	k := start(t)
	var interrupted wire.Reply
	k.ask(k.Control, wire.InterruptRequest{}, &interrupted)
	k.kernel.Interrupt()
	if reply, _ := k.Run(wire.ExecuteRequest{Code: "value 1"}); reply.Status != "ok" {
		t.Errorf("%+v", reply)
	}
}

// raw is content as it is given.
type raw struct {
	kind    string
	Content map[string]any
}

func (r raw) MessageType() string { return r.kind }

func TestAnUnknownCommIsClosed(t *testing.T) {
	k := start(t)
	id := k.Shell.Send(wire.CommOpen{CommID: "c1", Target: "jupyter.widget", Data: []byte("{}")})
	broadcast := k.UntilIdle(id)
	var closed wire.CommClose
	if wiretest.Content(t, broadcast[0], &closed); broadcast[0].Header.Type != "comm_close" || closed.CommID != "c1" {
		t.Errorf("%+v", broadcast[0])
	}
	var info wire.CommInfoReply
	if k.ask(k.Shell, wire.CommInfoRequest{}, &info); info.Comms == nil || len(info.Comms) > 0 {
		t.Errorf("%+v", info)
	}
	for _, kind := range []string{"comm_msg", "comm_close"} {
		if got := k.UntilIdle(k.Shell.Send(raw{kind: kind})); got != nil {
			t.Errorf("%s: %q", kind, types(got))
		}
	}
}

func TestTheDebuggerIsRefused(t *testing.T) {
	k := start(t)
	var reply wire.DebugReply
	k.ask(k.Control, wire.DebugRequest{Seq: 3, Command: "initialize"}, &reply)
	if reply.Success || reply.RequestSeq != 3 || reply.Command != "initialize" || reply.Type != "response" {
		t.Errorf("%+v", reply)
	}
}

// connectRequest asks for the ports, as old clients do.
type connectRequest struct{}

func (connectRequest) MessageType() string { return "connect_request" }

func TestThePortsAreTold(t *testing.T) {
	k := start(t)
	var reply wire.ConnectReply
	if k.ask(k.Shell, connectRequest{}, &reply); reply.Shell != k.connection.ShellPort || reply.Heartbeat != k.connection.HeartbeatPort {
		t.Errorf("%+v", reply)
	}
}

// broken is an execute_request whose code is a number.
type broken struct {
	Code int `json:"code"`
}

func (broken) MessageType() string { return "execute_request" }

func TestARequestThatCannotBeReadIsAnsweredWithAnError(t *testing.T) {
	k := start(t)
	var reply wire.ExecuteReply
	if k.ask(k.Shell, broken{}, &reply); reply.Status != "error" || reply.Error == nil || !strings.Contains(reply.Error.Value, "code") {
		t.Errorf("%+v", reply)
	}
}

func TestABrokenEngineFailsARequestOnly(t *testing.T) {
	k := start(t)
	var failed wire.Reply
	if k.ask(k.Shell, wire.CompleteRequest{Code: "crash"}, &failed); failed.Status != "error" || failed.Error == nil || failed.Error.Name != "InternalError" {
		t.Errorf("%+v", failed)
	}
	if reply, _ := k.Run(wire.ExecuteRequest{Code: "value 1"}); reply.Status != "ok" {
		t.Errorf("%+v", reply)
	}
}

func TestShutdown(t *testing.T) {
	for name, c := range map[string]struct {
		channel func(*kernel) *wiretest.Channel
		cell    string // that runs meanwhile, if any
	}{
		"on control":              {func(k *kernel) *wiretest.Channel { return k.Control }, ""},
		"on shell":                {func(k *kernel) *wiretest.Channel { return k.Shell }, ""},
		"while a cell is running": {func(k *kernel) *wiretest.Channel { return k.Control }, "wait"},
	} {
		t.Run(name, func(t *testing.T) {
			k := start(t)
			if c.cell != "" {
				k.Execute(c.cell)
				<-k.engine.entered
				k.Execute("print never")
			}
			id := c.channel(k).Send(wire.ShutdownRequest{Restart: true})
			var reply wire.ShutdownReply
			wiretest.Content(t, c.channel(k).Answer(id), &reply)
			if !reply.Restart || reply.Status != "ok" {
				t.Errorf("%+v", reply)
			}
			if m := k.IOPub.Answer(id); m.Header.Type != "status" {
				t.Errorf("got %s", m.Header.Type)
			}
			if m := k.IOPub.Answer(id); m.Header.Type != "shutdown_reply" {
				t.Errorf("got %s", m.Header.Type)
			}
			k.served.Wait()
			if c.cell != "" && slices.Contains(k.engine.sources, "print never") {
				t.Error("a cell that waited was run")
			}
		})
	}
}

func TestUnknownRequestsAreLogged(t *testing.T) {
	k := start(t)
	k.Shell.Send(raw{kind: "usage_request"})
	k.Control.Send(wire.ExecuteRequest{Code: "value 1"})
	var info wire.KernelInfoReply
	k.ask(k.Shell, wire.KernelInfoRequest{}, &info)
	k.ask(k.Control, wire.KernelInfoRequest{}, &info)
	id := k.Control.Send(wire.ShutdownRequest{})
	k.Control.Answer(id)
	k.served.Wait()
	if log := k.log.String(); !strings.Contains(log, "usage_request") || !strings.Contains(log, "belongs on shell") || slices.Contains(k.engine.sources, "value 1") {
		t.Errorf("logged %s", log)
	}
}
