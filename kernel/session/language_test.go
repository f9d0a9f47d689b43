package session_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"paperlab/kernel/wire"
)

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
