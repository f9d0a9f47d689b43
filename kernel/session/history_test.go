package session_test

import (
	"fmt"
	"testing"

	"paperlab/kernel/wire"
)

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
