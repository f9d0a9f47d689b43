package wire_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"paperlab/kernel/wire"
)

// at is a clock that stands still.
func at() time.Time { return time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC) }

// signed returns the frames of a message as a client makes them.
func signed(key string, parts ...string) [][]byte {
	mac := hmac.New(sha256.New, []byte(key))
	frames := [][]byte{[]byte("client"), []byte("<IDS|MSG>"), nil}
	for _, part := range parts {
		mac.Write([]byte(part))
		frames = append(frames, []byte(part))
	}
	if key != "" {
		frames[2] = []byte(hex.EncodeToString(mac.Sum(nil)))
	}
	return frames
}

const (
	header = `{"msg_id":"1","session":"s","username":"u","date":"2025-03-01T12:00:00Z","msg_type":"execute_request","version":"5.4","subshell_id":null}`
	parent = `{"msg_id":"0"}`
)

func TestAMessageIsReadAsItsSenderWroteIt(t *testing.T) {
	for name, key := range map[string]string{"signed": "secret", "not signed, without a key": ""} {
		t.Run(name, func(t *testing.T) {
			frames := append(signed(key, header, parent, `{"m":1}`, `{"code":"1+1"}`), []byte("buffer"))
			m, err := wire.NewCodec(key, at).Decode(frames)
			if err != nil {
				t.Fatal(err)
			}
			if m.Header.ID != "1" || m.Header.Type != "execute_request" || m.Parent.ID != "0" || string(m.Content) != `{"code":"1+1"}` ||
				string(m.Metadata) != `{"m":1}` || string(m.Sender[0]) != "client" || string(m.Buffers[0]) != "buffer" || !m.Received.Equal(at()) {
				t.Errorf("%+v", m)
			}
			if string(m.AsParent()) != header {
				t.Errorf("the header goes back as %s", m.AsParent())
			}
		})
	}
}

func TestWhatIsNotAMessageIsRefused(t *testing.T) {
	const key = "secret"
	good := func() [][]byte { return signed(key, header, "{}", "{}", "{}") }
	for name, c := range map[string]struct {
		frames [][]byte
		want   error
	}{
		"another key":             {signed("guess", header, "{}", "{}", "{}"), wire.ErrSignature},
		"no signature":            {signed("", header, "{}", "{}", "{}"), wire.ErrSignature},
		"a changed content":       {append(good()[:6:6], []byte(`{"code":"rm"}`)), wire.ErrSignature},
		"nothing":                 {nil, wire.ErrMalformed},
		"no delimiter":            {[][]byte{[]byte("a"), []byte("b")}, wire.ErrMalformed},
		"too few frames":          {good()[:6], wire.ErrMalformed},
		"a header that is a list": {signed(key, "[]", "{}", "{}", "{}"), wire.ErrMalformed},
		"an id that is a number":  {signed(key, `{"msg_id":1}`, "{}", "{}", "{}"), wire.ErrMalformed},
		"content that is null":    {signed(key, header, "{}", "{}", "null"), wire.ErrMalformed},
		"metadata that is cut":    {signed(key, header, "{}", `{"a"`, "{}"), wire.ErrMalformed},
		"an empty parent header":  {signed(key, header, "", "{}", "{}"), wire.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := wire.NewCodec(key, at).Decode(c.frames); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func TestAReplayedMessageIsRefused(t *testing.T) {
	codec := wire.NewCodec("secret", at)
	frames := signed("secret", header, "{}", "{}", "{}")
	if _, err := codec.Decode(frames); err != nil {
		t.Fatal(err)
	}
	if _, err := codec.Decode(frames); !errors.Is(err, wire.ErrReplayed) {
		t.Errorf("%v, want %v", err, wire.ErrReplayed)
	}
	frames[2] = bytes.ToUpper(frames[2])
	if _, err := codec.Decode(frames); err == nil {
		t.Error("it was read with its signature in capitals")
	}
}

func TestWhatIsWrittenCanBeRead(t *testing.T) {
	codec := wire.NewCodec("secret", at)
	frames, err := codec.Encode(wire.Parent(header), wire.Stream{Name: "stdout", Text: "a < b & c"}, map[string]any{"k": "v"})
	if err != nil {
		t.Fatal(err)
	}
	if want := signed("secret", string(frames[2]), header, `{"k":"v"}`, `{"name":"stdout","text":"a < b & c"}`); !slices.EqualFunc(frames, want[1:], slices.Equal) {
		t.Errorf("frames %q,\nwant %q", frames, want[1:])
	}
	m, err := wire.NewCodec("secret", at).Decode(frames)
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Type != "stream" || m.Header.Version != "5.4" || m.Header.Date != "2025-03-01T12:00:00.000000Z" || m.Header.ID == "" || m.Parent.ID != "1" {
		t.Errorf("%+v", m)
	}
}

func TestAReplyCarriesTheErrorBesideItsStatus(t *testing.T) {
	failed := &wire.Error{Name: "panic", Value: "boom", Traceback: []string{"panic: boom"}}
	for _, c := range []struct {
		content wire.Content
		want    string
	}{
		{wire.ExecuteReply{Status: wire.Failed, ExecutionCount: 3, Payload: []wire.Page{}, Error: failed},
			`{"status":"error","execution_count":3,"payload":[],"ename":"panic","evalue":"boom","traceback":["panic: boom"]}`},
		{wire.ExecuteReply{Status: wire.OK, ExecutionCount: 3, Payload: []wire.Page{}}, `{"status":"ok","execution_count":3,"payload":[]}`},
		{wire.Reply{Type: "interrupt_reply", Status: wire.OK}, `{"status":"ok"}`},
	} {
		if got, err := json.Marshal(c.content); err != nil || string(got) != c.want {
			t.Errorf("%s, %v, want %s", got, err, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("client"), []byte("<IDS|MSG>"), []byte(header), []byte(parent), []byte("{}"), []byte(`{"code":""}`))
	f.Add([]byte("<IDS|MSG>"), []byte("<IDS|MSG>"), []byte("{}"), []byte("{}"), []byte("{}"), []byte("{}"))
	f.Add([]byte{}, []byte{}, []byte("null"), []byte{0xff}, []byte(`{"msg_id":{}}`), []byte("[]"))
	f.Fuzz(func(t *testing.T, route, delimiter, header, parent, metadata, content []byte) {
		frames := [][]byte{route, delimiter, {}, header, parent, metadata, content}
		m, err := wire.NewCodec("", at).Decode(frames)
		if err != nil {
			if !errors.Is(err, wire.ErrMalformed) {
				t.Fatalf("%v, want it to wrap %v", err, wire.ErrMalformed)
			}
			return
		}
		answer, err := wire.NewCodec("", at).Encode(m.AsParent(), wire.Stream{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := wire.NewCodec("", at).Decode(answer)
		if err != nil || again.Parent != m.Header {
			t.Fatalf("an answer has the parent %+v, %v, want %+v", again.Parent, err, m.Header)
		}
	})
}
