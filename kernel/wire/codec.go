package wire

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// The reasons for which [Codec.Decode] refuses a message.
var (
	ErrMalformed = errors.New("not a message of the Jupyter protocol")
	ErrSignature = errors.New("the signature is wrong: the sender does not have the connection file's key")
	ErrReplayed  = errors.New("the same message came before")
)

// delimiter stands between ZeroMQ's route and the message.
var delimiter = []byte("<IDS|MSG>")

// remembered is how many signatures are kept to find replayed messages; jupyter_client keeps as many.
const remembered = 1 << 16

// Codec turns messages into signed frames and back. It is safe for concurrent use.
type Codec struct {
	key     []byte
	session string
	now     func() time.Time

	mu   sync.Mutex
	seen map[[sha256.Size]byte]bool
	ring [][sha256.Size]byte // the signatures in seen, oldest at next once it is full
	next int
}

// NewCodec returns a codec that signs by HMAC-SHA256 with the key. With an empty key it neither signs nor checks
// signatures, as the protocol has it.
func NewCodec(key string, now func() time.Time) *Codec {
	return &Codec{key: []byte(key), session: rand.Text(), now: now, seen: map[[sha256.Size]byte]bool{}}
}

// Encode returns the frames of a new message without ZeroMQ's route. Nil metadata is an empty object.
func (c *Codec) Encode(parent Parent, content Content, metadata map[string]any) ([][]byte, error) {
	header := Header{
		ID: rand.Text(), Session: c.session, Username: "kernel",
		Date: c.now().UTC().Format("2006-01-02T15:04:05.000000Z"), Type: content.MessageType(), Version: Version,
	}
	if parent == nil {
		parent = Parent("{}")
	}
	if metadata == nil {
		metadata = map[string]any{}
	}
	frames := [][]byte{delimiter, nil, nil, parent, nil, nil}
	for i, part := range map[int]any{2: header, 4: metadata, 5: content} {
		encoded, err := marshal(part)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", header.Type, err)
		}
		frames[i] = encoded
	}
	frames[1] = c.sign(frames[2:])
	return frames, nil
}

// marshal leaves <, > and & as they are, which encoding/json writes six bytes long.
func marshal(v any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

// sign returns the signature in hexadecimal, which is empty without a key.
func (c *Codec) sign(parts [][]byte) []byte {
	if len(c.key) == 0 {
		return []byte{}
	}
	mac := hmac.New(sha256.New, c.key)
	for _, part := range parts {
		mac.Write(part)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// Decode reads a message from its frames. It fails with [ErrMalformed], [ErrSignature] or [ErrReplayed].
func (c *Codec) Decode(frames [][]byte) (*Message, error) {
	start := 0
	for start < len(frames) && !bytes.Equal(frames[start], delimiter) {
		start++
	}
	const parts = 6 // delimiter, signature, header, parent header, metadata, content
	if len(frames) < start+parts {
		return nil, fmt.Errorf("%w: it has %d frames from the delimiter on, want %d or more", ErrMalformed, len(frames)-start, parts)
	}
	signature, body := frames[start+1], frames[start+2:start+parts]
	if len(c.key) > 0 && !hmac.Equal(c.sign(body), signature) {
		return nil, ErrSignature
	}
	m := &Message{
		Sender: frames[:start], Metadata: body[2], Content: body[3], Buffers: frames[start+parts:], Received: c.now(), header: Parent(body[0]),
	}
	for i, into := range []any{&m.Header, &m.Parent, nil, nil} {
		if err := checkObject(body[i], into); err != nil {
			return nil, err
		}
	}
	if len(c.key) > 0 && c.replayed(signature) {
		return nil, ErrReplayed
	}
	return m, nil
}

// checkObject says whether a part is a JSON object, and reads it if there is something to read it into.
func checkObject(part []byte, into any) error {
	if len(part) == 0 || part[0] != '{' || !json.Valid(part) {
		return fmt.Errorf("%w: %s is not a JSON object", ErrMalformed, shorten(part))
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(part, into); err != nil {
		return fmt.Errorf("%w: header %s: %w", ErrMalformed, shorten(part), err)
	}
	return nil
}

func shorten(part []byte) string {
	const most = 40
	if len(part) > most {
		return fmt.Sprintf("%q...", part[:most])
	}
	return fmt.Sprintf("%q", part)
}

// replayed says whether a signature was seen before, and remembers it.
func (c *Codec) replayed(signature []byte) bool {
	digest := sha256.Sum256(signature)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[digest] {
		return true
	}
	c.seen[digest] = true
	if len(c.ring) < remembered {
		c.ring = append(c.ring, digest)
		return false
	}
	delete(c.seen, c.ring[c.next])
	c.ring[c.next] = digest
	c.next = (c.next + 1) % remembered
	return false
}
