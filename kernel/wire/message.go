package wire

import (
	"encoding/json"
	"time"
)

// Version is the version of the protocol that this package speaks.
const Version = "5.4"

// Header says what a message is and where it comes from.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"` // ISO 8601
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

// Parent is the header of the message that another one belongs to, as its sender wrote it: it goes back to the sender byte
// for byte. Nil is that of a message which belongs to no other.
type Parent json.RawMessage

// Message is a message that was received.
type Message struct {
	Sender   [][]byte // ZeroMQ's route back to the sender
	Header   Header
	Parent   Header // of the message that this one belongs to; the zero Header if there is none
	Metadata json.RawMessage
	Content  json.RawMessage
	Buffers  [][]byte
	Received time.Time

	header Parent
}

// AsParent returns the parent of messages that belong to this one.
func (m *Message) AsParent() Parent { return m.header }

// Content is what a message carries beside its headers. It is encoded as JSON.
type Content interface {
	// MessageType is the msg_type in the header of a message with this content.
	MessageType() string
}
