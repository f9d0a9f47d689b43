package session_test

import (
	"slices"
	"strings"
	"testing"

	"paperlab/kernel/wire"
	"paperlab/kernel/wire/wiretest"
)

func yes() *bool { b := true; return &b }
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

func TestExpressionsOfARequestAreEvaluated(t *testing.T) {
	k := start(t)
	reply, _ := k.Run(wire.ExecuteRequest{Code: "print a", UserExpressions: map[string]string{"good": "value 42", "bad": "panic x"}})
	good, bad := reply.UserExpressions["good"], reply.UserExpressions["bad"]
	if reply.Status != "ok" || good.Status != "ok" || good.Data["text/plain"] != "42" || bad.Status != "error" || bad.Error.Name != "panic" {
		t.Errorf("%+v", reply)
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
