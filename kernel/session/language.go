package session

import (
	"strings"
	"unicode/utf8"

	"paperlab/kernel/interp"
	"paperlab/kernel/wire"
)

// byteAt turns a place in Unicode code points, which clients count, into one in bytes.
func byteAt(code string, point int) int {
	for i := range code {
		if point <= 0 {
			return i
		}
		point--
	}
	return len(code)
}

// pointAt turns a place in bytes into one in Unicode code points.
func pointAt(code string, at int) int {
	return utf8.RuneCountInString(code[:min(max(at, 0), len(code))])
}

func (k *Kernel) complete(r *request) error {
	var content wire.CompleteRequest
	if err := r.decode(&content); err != nil {
		return err
	}
	cursor := byteAt(content.Code, content.Cursor)
	c := k.session.completion(content.Code, cursor)
	reply := wire.CompleteReply{
		Status: wire.OK, Matches: []string{}, Start: pointAt(content.Code, c.Start), End: pointAt(content.Code, c.End), Metadata: map[string]any{},
	}
	var kinds []any
	for _, m := range c.Matches {
		reply.Matches = append(reply.Matches, m.Text)
		kinds = append(kinds, map[string]any{"text": m.Text, "type": m.Kind, "signature": m.Type, "start": reply.Start, "end": reply.End})
	}
	if kinds != nil {
		reply.Metadata["_jupyter_types_experimental"] = kinds // JupyterLab shows them beside the names
	}
	return r.reply(reply)
}

// completion completes magics at the head of a cell, and Go elsewhere.
func (s *Session) completion(code string, cursor int) interp.Completion {
	start := strings.LastIndexByte(code[:cursor], '\n') + 1
	prefix := strings.TrimLeft(code[start:cursor], " \t")
	if strings.HasPrefix(prefix, "%") {
		c := interp.Completion{Start: cursor - len(prefix), End: cursor}
		for _, name := range completeMagic(prefix) {
			c.Matches = append(c.Matches, interp.Match{Text: name, Kind: "magic"})
		}
		return c
	}
	return s.engine.Complete(code, cursor)
}

func (k *Kernel) inspect(r *request) error {
	var content wire.InspectRequest
	if err := r.decode(&content); err != nil {
		return err
	}
	reply := wire.InspectReply{Status: wire.OK, Data: map[string]any{}, Metadata: map[string]any{}}
	if found, ok := k.session.engine.Inspect(content.Code, byteAt(content.Code, content.Cursor)); ok {
		reply.Found, reply.Data = true, describe(found)
	}
	return r.reply(reply)
}

func (k *Kernel) isComplete(r *request) error {
	var content wire.IsCompleteRequest
	if err := r.decode(&content); err != nil {
		return err
	}
	state, indent := completeness(content.Code)
	return r.reply(wire.IsCompleteReply{Status: string(state), Indent: indent})
}

// completeness says whether a cell can be run as it is. Magics are complete; a cell magic ends with an empty line, as in
// IPython.
func completeness(code string) (state interp.Completeness, indent string) {
	head, rest := split(code, func(string) bool { return false })
	if len(head) > 0 && strings.HasPrefix(head[len(head)-1].name, "%%") && !strings.HasSuffix(code, "\n") {
		return interp.Incomplete, ""
	}
	if len(head) > 0 && strings.TrimSpace(rest) == "" {
		return interp.Complete, ""
	}
	return interp.IsComplete(rest)
}
