package wire

import "encoding/json"

// Status is the state of the kernel: busy from the arrival of a request to its end, then idle; starting once.
type Status struct {
	State string `json:"execution_state"`
}

// The states of a kernel.
const (
	Starting = "starting"
	Busy     = "busy"
	Idle     = "idle"
)

// Stream is text that a cell wrote to stdout or stderr.
type Stream struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// DisplayData shows something in as many formats as there are, by MIME type.
type DisplayData struct {
	Data      map[string]any `json:"data"`
	Metadata  map[string]any `json:"metadata"`
	Transient Transient      `json:"transient"`
}

// Transient is what of a display is not saved.
type Transient struct {
	DisplayID string `json:"display_id,omitempty"` // by which the display can be updated
}

// UpdateDisplayData redraws what was shown under the same display ID.
type UpdateDisplayData DisplayData

// ClearOutput takes away what a cell has shown.
type ClearOutput struct {
	Wait bool `json:"wait"` // until the next output comes
}

// ExecuteInput says to all clients which code is run.
type ExecuteInput struct {
	Code           string `json:"code"`
	ExecutionCount int    `json:"execution_count"`
}

// ExecuteResult is the value of a cell's last expression.
type ExecuteResult struct {
	ExecutionCount int            `json:"execution_count"`
	Data           map[string]any `json:"data"`
	Metadata       map[string]any `json:"metadata"`
}

// Error is how a cell failed.
type Error struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"` // lines to be shown, with ANSI colors
}

// Welcome is what a subscriber to iopub gets first (Jupyter's enhancement proposal 65).
type Welcome struct {
	Subscription string `json:"subscription"`
}

// InputRequest asks a client for a line of text.
type InputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"` // not to be shown while it is typed
}

// InputReply is what a client answers to an [InputRequest].
type InputReply struct {
	Value string `json:"value"`
}

// CommOpen opens a channel between a client and an object of the kernel.
type CommOpen struct {
	CommID string          `json:"comm_id"`
	Target string          `json:"target_name"`
	Data   json.RawMessage `json:"data"`
}

// CommClose ends such a channel.
type CommClose struct {
	CommID string         `json:"comm_id"`
	Data   map[string]any `json:"data"`
}

// MessageType is "status".
func (Status) MessageType() string { return "status" }

// MessageType is "stream".
func (Stream) MessageType() string { return "stream" }

// MessageType is "display_data".
func (DisplayData) MessageType() string { return "display_data" }

// MessageType is "update_display_data".
func (UpdateDisplayData) MessageType() string { return "update_display_data" }

// MessageType is "clear_output".
func (ClearOutput) MessageType() string { return "clear_output" }

// MessageType is "execute_input".
func (ExecuteInput) MessageType() string { return "execute_input" }

// MessageType is "execute_result".
func (ExecuteResult) MessageType() string { return "execute_result" }

// MessageType is "error".
func (Error) MessageType() string { return "error" }

// MessageType is "iopub_welcome".
func (Welcome) MessageType() string { return "iopub_welcome" }

// MessageType is "input_request".
func (InputRequest) MessageType() string { return "input_request" }

// MessageType is "input_reply".
func (InputReply) MessageType() string { return "input_reply" }

// MessageType is "comm_open".
func (CommOpen) MessageType() string { return "comm_open" }

// MessageType is "comm_close".
func (CommClose) MessageType() string { return "comm_close" }
