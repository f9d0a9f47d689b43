package session

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"paperlab/kernel/wire"
)

// history is the code that was run, and what it yielded, in this session: one with a number that no client has to know.
// It is safe for concurrent use.
type history struct {
	mu      sync.Mutex
	entries []entry
}

// thisSession is the number of the only session there is.
const thisSession = 1

// entry is a cell that has run: the one with its place in the history, from 1, as its number.
type entry struct {
	code   string
	result any // its text; nil if it yielded nothing
}

// next returns the number of the next cell.
func (h *history) next() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.entries) + 1
}

// add appends a cell.
func (h *history) add(code string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.entries = append(h.entries, entry{code: code})
}

// yield notes what a cell yielded.
func (h *history) yield(number int, result string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if result != "" {
		h.entries[number-1].result = result
	}
}

// find answers a request for history.
func (h *history) find(r wire.HistoryRequest) [][3]any {
	h.mu.Lock()
	defer h.mu.Unlock()
	lines := h.lines(r)
	if r.N != nil && r.Access != "range" {
		lines = lines[max(0, len(lines)-max(0, *r.N)):]
	}
	found := make([][3]any, len(lines))
	for i, line := range lines {
		e := h.entries[line]
		found[i] = [3]any{thisSession, line + 1, e.code}
		if r.Output {
			found[i][2] = [2]any{e.code, e.result}
		}
	}
	return found
}

// lines returns the places of the entries that a request means.
func (h *history) lines(r wire.HistoryRequest) (lines []int) {
	from, to := 0, len(h.entries)
	matches := func(string) bool { return true }
	switch r.Access {
	case "range":
		if r.Session != 0 && r.Session != thisSession {
			return nil
		}
		from = max(0, r.Start-1)
		if r.Stop != nil && *r.Stop > 0 {
			to = min(to, *r.Stop-1)
		}
	case "search":
		matches = glob(r.Pattern)
	}
	for i := from; i < to; i++ {
		if matches(h.entries[i].code) {
			lines = append(lines, i)
		}
	}
	if r.Access == "search" && r.Unique {
		lines = h.newest(lines)
	}
	return lines
}

// newest keeps of the same code the last place only.
func (h *history) newest(lines []int) []int {
	last := map[string]int{}
	for _, line := range lines {
		last[h.entries[line].code] = line
	}
	return slices.DeleteFunc(lines, func(line int) bool { return last[h.entries[line].code] != line })
}

// class is a set of characters in a pattern, such as [a-z] or [^ab].
var class = regexp.MustCompile(`\[\^?[^]]+\]`)

// glob returns what a pattern matches as SQLite's GLOB has it, which IPython's history is searched by: * stands for any text, ?
// for any character, [...] for one of a set.
func glob(pattern string) func(string) bool {
	var expression strings.Builder
	literal := func(text string) {
		text = regexp.QuoteMeta(text)
		expression.WriteString(strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(text))
	}
	at := 0
	for _, set := range class.FindAllStringIndex(pattern, -1) {
		literal(pattern[at:set[0]])
		expression.WriteString(strings.ReplaceAll(pattern[set[0]:set[1]], `\`, `\\`))
		at = set[1]
	}
	literal(pattern[at:])
	matcher, err := regexp.Compile(`(?s)^` + expression.String() + `$`)
	if err != nil { // a set such as [z-a], which holds nothing
		return func(string) bool { return false }
	}
	return matcher.MatchString
}

func (k *Kernel) findHistory(r *request) error {
	var content wire.HistoryRequest
	if err := r.decode(&content); err != nil {
		return err
	}
	return r.reply(wire.HistoryReply{Status: wire.OK, History: k.history.find(content)})
}
