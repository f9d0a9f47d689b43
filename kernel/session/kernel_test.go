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

	"paperlab/kernel/session"
	"paperlab/kernel/wire"
	"paperlab/kernel/wire/wiretest"
)

// kernel is a kernel on free ports with a client.
type kernel struct {
	*wiretest.Client
	t          *testing.T
	engine     *script
	kernel     *session.Kernel
	connection wire.Connection
	served     sync.WaitGroup
	log        bytes.Buffer // to be read when served is done
}

// start starts a kernel; the test's end stops it.
func start(t *testing.T) *kernel {
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

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }

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

func TestACellIsBroadcastBetweenBusyAndIdle(t *testing.T) {
	k := start(t)
	reply, broadcast := k.Run(wire.ExecuteRequest{Code: "print a\nshow x\nredraw y\nclear\nvalue 42"})
	if reply.Status != "ok" || reply.ExecutionCount != 1 || reply.Payload == nil {
		t.Errorf("%+v", reply)
	}
	if want := []string{"execute_input", "stream", "display_data", "update_display_data", "clear_output", "execute_result"}; !slices.Equal(types(broadcast), want) {
		t.Errorf("broadcast %q, want %q", types(broadcast), want)
	}
	var result wire.ExecuteResult
	wiretest.Content(t, broadcast[5], &result)
	if result.ExecutionCount != 1 || result.Data["text/plain"] != "42" || result.Metadata == nil {
		t.Errorf("%+v", result)
	}
}

func TestWhatIsCountedAndBroadcast(t *testing.T) {
	k := start(t)
	for _, c := range []struct {
		request wire.ExecuteRequest
		count   int
		types   []string
	}{
		{wire.ExecuteRequest{Code: "value 1"}, 1, []string{"execute_input", "execute_result"}},
		{wire.ExecuteRequest{Code: "print a\nvalue 2", Silent: true}, 2, nil},
		{wire.ExecuteRequest{Code: "panic x", Silent: true, StopOnError: no()}, 2, nil},
		{wire.ExecuteRequest{Code: "value 3", StoreHistory: no()}, 2, []string{"execute_input", "execute_result"}},
		{wire.ExecuteRequest{Code: "panic x", StoreHistory: yes()}, 2, []string{"execute_input", "error"}},
		{wire.ExecuteRequest{Code: ""}, 3, []string{"execute_input"}},
	} {
		reply, broadcast := k.Run(c.request)
		if reply.ExecutionCount != c.count || !slices.Equal(types(broadcast), c.types) {
			t.Errorf("%q: count %d, broadcast %q, want %d, %q", c.request.Code, reply.ExecutionCount, types(broadcast), c.count, c.types)
		}
	}
}

func TestAFailedCellSaysSoInReplyAndBroadcast(t *testing.T) {
	k := start(t)
	reply, broadcast := k.Run(wire.ExecuteRequest{Code: "panic boom"})
	var failed wire.Error
	wiretest.Content(t, broadcast[1], &failed)
	if reply.Status != "error" || reply.Error == nil || reply.Error.Name != "panic" || reply.Error.Value != "boom" || !slices.Equal(reply.Error.Traceback, failed.Traceback) {
		t.Errorf("%+v, %+v", reply, failed)
	}
}

func TestTheQueueBehindAnErrorIsAborted(t *testing.T) {
	for name, c := range map[string]struct {
		first wire.ExecuteRequest
		want  string // the status of those behind
	}{
		"by default":          {wire.ExecuteRequest{Code: "block\npanic x"}, "aborted"},
		"if it is asked for":  {wire.ExecuteRequest{Code: "block\npanic x", StopOnError: yes()}, "aborted"},
		"not if it is not to": {wire.ExecuteRequest{Code: "block\npanic x", StopOnError: no()}, "ok"},
		"not without error":   {wire.ExecuteRequest{Code: "block\nvalue 1"}, "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			k := start(t)
			first := k.Shell.Send(c.first)
			behind := []string{k.Execute("value 2"), k.Execute("value 3")}
			info := k.Shell.Send(wire.KernelInfoRequest{})
			<-k.engine.entered
			close(k.engine.release)
			k.Shell.Answer(first)
			for _, id := range behind {
				var reply wire.ExecuteReply
				wiretest.Content(t, k.Shell.Answer(id), &reply)
				if reply.Status != c.want {
					t.Errorf("status %q, want %q", reply.Status, c.want)
				}
			}
			k.Shell.Answer(info) // what is no code is answered in any case
			for _, id := range behind {
				if got := types(k.UntilIdle(id)); c.want == "aborted" && got != nil {
					t.Errorf("an aborted cell broadcasts %q", got)
				}
			}
			if reply, _ := k.Run(wire.ExecuteRequest{Code: "value 4"}); reply.Status != "ok" {
				t.Errorf("the next cell is %+v", reply)
			}
		})
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

func TestTheQueueBehindAnInterruptIsAborted(t *testing.T) {
	k := start(t)
	k.Execute("wait")
	behind := k.Execute("value 1")
	<-k.engine.entered
	k.Control.Answer(k.Control.Send(wire.InterruptRequest{}))
	var reply wire.ExecuteReply
	if wiretest.Content(t, k.Shell.Answer(behind), &reply); reply.Status != "aborted" {
		t.Errorf("%+v", reply)
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

func TestExpressionsOfARequestAreEvaluated(t *testing.T) {
	k := start(t)
	reply, _ := k.Run(wire.ExecuteRequest{Code: "print a", UserExpressions: map[string]string{"good": "value 42", "bad": "panic x"}})
	good, bad := reply.UserExpressions["good"], reply.UserExpressions["bad"]
	if reply.Status != "ok" || good.Status != "ok" || good.Data["text/plain"] != "42" || bad.Status != "error" || bad.Error.Name != "panic" {
		t.Errorf("%+v", reply)
	}
}

func TestACellAsksItsClientForInput(t *testing.T) {
	k := start(t)
	other := wiretest.Dial(t, k.connection)
	for _, verb := range []string{"input", "password"} {
		id := k.Shell.Send(wire.ExecuteRequest{Code: "print a\n" + verb + " name?", AllowStdin: true})
		var asked wire.InputRequest
		question := k.Stdin.Receive()
		wiretest.Content(t, question, &asked)
		if question.Parent.ID != id || asked.Prompt != "name?" || asked.Password != (verb == "password") {
			t.Errorf("%+v, %+v", question, asked)
		}
		k.Stdin.Send(wire.InputReply{Value: "Göde"})
		k.Shell.Answer(id)
		broadcast := k.UntilIdle(id)
		var result wire.ExecuteResult
		wiretest.Content(t, broadcast[len(broadcast)-1], &result)
		if result.Data["text/plain"] != "Göde" {
			t.Errorf("%+v", result)
		}
	}
	if !other.Stdin.Idle() {
		t.Error("another client was asked")
	}
}

func TestInputThatDoesNotCome(t *testing.T) {
	k := start(t)
	t.Run("since the client takes no questions", func(t *testing.T) {
		if reply, _ := k.Run(wire.ExecuteRequest{Code: "input ?"}); reply.Error == nil || !strings.Contains(reply.Error.Value, "nobody to ask") {
			t.Errorf("%+v", reply)
		}
	})
	t.Run("since the reader ends it", func(t *testing.T) {
		id := k.Shell.Send(wire.ExecuteRequest{Code: "input ?", AllowStdin: true})
		k.Stdin.Receive()
		k.Stdin.Send(wire.InputReply{Value: "\x04"})
		var reply wire.ExecuteReply
		if wiretest.Content(t, k.Shell.Answer(id), &reply); reply.Error == nil || !strings.Contains(reply.Error.Value, "EOF") {
			t.Errorf("%+v", reply)
		}
	})
	t.Run("since the cell is interrupted", func(t *testing.T) {
		id := k.Shell.Send(wire.ExecuteRequest{Code: "input ?", AllowStdin: true})
		k.Stdin.Receive()
		k.Control.Send(wire.InterruptRequest{})
		var reply wire.ExecuteReply
		if wiretest.Content(t, k.Shell.Answer(id), &reply); reply.Error == nil || reply.Error.Name != "Interrupted" {
			t.Errorf("%+v", reply)
		}
	})
}

func TestCursorsCountCodePoints(t *testing.T) {
	k := start(t)
	var completed wire.CompleteReply
	k.ask(k.Shell, wire.CompleteRequest{Code: "é𝄞 pri x", Cursor: 6}, &completed)
	if !slices.Equal(completed.Matches, []string{"print", "printé"}) || completed.Start != 3 || completed.End != 6 || completed.Status != "ok" {
		t.Errorf("%+v", completed)
	}
	var inspected wire.InspectReply
	k.ask(k.Shell, wire.InspectRequest{Code: "printé", Cursor: 6}, &inspected)
	if text := fmt.Sprint(inspected.Data["text/plain"]); !inspected.Found || !strings.Contains(text, "= 7") || !strings.Contains(text, "print prints.") {
		t.Errorf("%+v", inspected)
	}
}

func TestPlacesBeyondTheCodeAreItsEnd(t *testing.T) {
	k := start(t)
	for _, cursor := range []int{-1, 4, 1000} {
		var completed wire.CompleteReply
		k.ask(k.Shell, wire.CompleteRequest{Code: "pri", Cursor: cursor}, &completed)
		var inspected wire.InspectReply
		k.ask(k.Shell, wire.InspectRequest{Code: "print", Cursor: cursor}, &inspected)
		if completed.Status != "ok" || inspected.Status != "ok" {
			t.Errorf("%+v, %+v", completed, inspected)
		}
	}
}

func TestMagicsAreCompleted(t *testing.T) {
	k := start(t)
	var completed wire.CompleteReply
	k.ask(k.Shell, wire.CompleteRequest{Code: "%cd x\n %ti", Cursor: 10}, &completed)
	if !slices.Equal(completed.Matches, []string{"%time", "%timeit"}) || completed.Start != 7 || completed.End != 10 {
		t.Errorf("%+v", completed)
	}
}

func TestDocumentationGoesToThePager(t *testing.T) {
	k := start(t)
	reply, broadcast := k.Run(wire.ExecuteRequest{Code: "?print"})
	if len(reply.Payload) != 1 || reply.Payload[0].Source != "page" || !strings.Contains(fmt.Sprint(reply.Payload[0].Data["text/plain"]), "print prints.") {
		t.Errorf("%+v", reply)
	}
	if got := types(broadcast); !slices.Equal(got, []string{"execute_input"}) {
		t.Errorf("broadcast %q", got)
	}
}

func TestWhatIsUnknownIsNotFound(t *testing.T) {
	k := start(t)
	var inspected wire.InspectReply
	k.ask(k.Shell, wire.InspectRequest{Code: "x", Cursor: 1}, &inspected)
	if inspected.Found || inspected.Status != "ok" || inspected.Data == nil {
		t.Errorf("%+v", inspected)
	}
}

func TestWhetherCodeIsComplete(t *testing.T) {
	k := start(t)
	for code, want := range map[string]string{
		"x := 1": "complete", "for {": "incomplete", "func f() {\n": "incomplete", "x := )": "invalid", "%cd x": "complete", "!ls": "complete",
		"%%time\nf()": "incomplete", "%%time\nf()\n": "complete", "%cd x\nfor {": "incomplete",
	} {
		var reply wire.IsCompleteReply
		if k.ask(k.Shell, wire.IsCompleteRequest{Code: code}, &reply); reply.Status != want {
			t.Errorf("%q: %+v, want %s", code, reply, want)
		}
	}
}

func TestHistory(t *testing.T) {
	k := start(t)
	for _, code := range []string{"value 1", "print a", "value 1", "value 22", "nothing"} {
		k.Run(wire.ExecuteRequest{Code: code})
	}
	n := func(n int) *int { return &n }
	for name, c := range map[string]struct {
		request wire.HistoryRequest
		want    string
	}{
		"the last":              {wire.HistoryRequest{Access: "tail", N: n(2)}, `[[1 4 value 22] [1 5 nothing]]`},
		"more than there is":    {wire.HistoryRequest{Access: "tail", N: n(100)}, `[[1 1 value 1] [1 2 print a] [1 3 value 1] [1 4 value 22] [1 5 nothing]]`},
		"with what they yield":  {wire.HistoryRequest{Access: "tail", N: n(2), Output: true}, `[[1 4 [value 22 22]] [1 5 [nothing <nil>]]]`},
		"a range":               {wire.HistoryRequest{Access: "range", Start: 2, Stop: n(4)}, `[[1 2 print a] [1 3 value 1]]`},
		"a range of session 1":  {wire.HistoryRequest{Access: "range", Session: 1, Start: 4}, `[[1 4 value 22] [1 5 nothing]]`},
		"of another session":    {wire.HistoryRequest{Access: "range", Session: 7}, `[]`},
		"a range out of bounds": {wire.HistoryRequest{Access: "range", Start: -5, Stop: n(50)}, `[[1 1 value 1] [1 2 print a] [1 3 value 1] [1 4 value 22] [1 5 nothing]]`},
		"a pattern":             {wire.HistoryRequest{Access: "search", Pattern: "value ?"}, `[[1 1 value 1] [1 3 value 1]]`},
		"the last of a pattern": {wire.HistoryRequest{Access: "search", Pattern: "value*", N: n(1)}, `[[1 4 value 22]]`},
		"a pattern, once each":  {wire.HistoryRequest{Access: "search", Pattern: "value*", Unique: true}, `[[1 3 value 1] [1 4 value 22]]`},
		"a pattern with a set":  {wire.HistoryRequest{Access: "search", Pattern: "*[^1-9t] [a-c]"}, `[]`},
		"a set that matches":    {wire.HistoryRequest{Access: "search", Pattern: "prin[s-u] [^b]"}, `[[1 2 print a]]`},
		"an impossible set":     {wire.HistoryRequest{Access: "search", Pattern: "[z-a]*"}, `[]`},
		"a pattern of nothing":  {wire.HistoryRequest{Access: "search", Pattern: "x.*["}, `[]`},
	} {
		t.Run(name, func(t *testing.T) {
			var reply wire.HistoryReply
			k.ask(k.Shell, c.request, &reply)
			if got := fmt.Sprint(reply.History); reply.Status != "ok" || got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
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

func TestMuchOutputReachesEverybodyInOrder(t *testing.T) {
	k := start(t)
	other := wiretest.Dial(t, k.connection)
	id := k.Execute("lines 100000")
	for _, client := range []*wiretest.Client{k.Client, other} {
		var text strings.Builder
		for _, m := range client.UntilIdle(id) {
			var s wire.Stream
			if m.Header.Type == "stream" {
				wiretest.Content(t, m, &s)
				text.WriteString(s.Text)
			}
		}
		if lines := strings.Count(text.String(), "\n"); lines != 100_000 || !strings.HasSuffix(text.String(), "line 99999\n") {
			t.Errorf("%d lines", lines)
		}
	}
}

func TestOutputAfterACellCarriesItsHeader(t *testing.T) {
	k := start(t)
	first := k.Execute("linger late")
	k.UntilIdle(first)
	k.UntilIdle(k.Execute("print now"))
	close(k.engine.release)
	m := k.IOPub.Receive()
	var s wire.Stream
	if wiretest.Content(t, m, &s); m.Parent.ID != first || s.Text != "late" {
		t.Errorf("%+v: %+v", m.Parent, s)
	}
}
