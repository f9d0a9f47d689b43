package session_test

import (
	"strings"
	"testing"

	"paperlab/kernel/wire"
	"paperlab/kernel/wire/wiretest"
)

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
