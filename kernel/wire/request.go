package wire

// ExecuteRequest asks for code to be run.
type ExecuteRequest struct {
	Code            string            `json:"code"`
	Silent          bool              `json:"silent"`           // broadcast nothing, count nothing
	StoreHistory    *bool             `json:"store_history"`    // default: not silent
	UserExpressions map[string]string `json:"user_expressions"` // to be evaluated behind the code
	AllowStdin      bool              `json:"allow_stdin"`      // the client answers input requests
	StopOnError     *bool             `json:"stop_on_error"`    // abort the requests that wait; default: true
}

// CompleteRequest asks how the code at the cursor can go on.
type CompleteRequest struct {
	Code   string `json:"code"`
	Cursor int    `json:"cursor_pos"` // in Unicode code points
}

// InspectRequest asks what is known of the name at the cursor.
type InspectRequest struct {
	Code        string `json:"code"`
	Cursor      int    `json:"cursor_pos"` // in Unicode code points
	DetailLevel int    `json:"detail_level"`
}

// IsCompleteRequest asks whether code can be run as it is.
type IsCompleteRequest struct {
	Code string `json:"code"`
}

// HistoryRequest asks for code that was run.
type HistoryRequest struct {
	Output  bool   `json:"output"`           // with what it yielded
	Access  string `json:"hist_access_type"` // range, tail or search
	Session int    `json:"session"`          // of range: 0 is this one, -1 the one before
	Start   int    `json:"start"`
	Stop    *int   `json:"stop"`    // exclusive; default: to the end
	N       *int   `json:"n"`       // the last n; default: all
	Pattern string `json:"pattern"` // of search, with * and ?
	Unique  bool   `json:"unique"`  // of search: the same code once only
}

// CommInfoRequest asks for the open comms.
type CommInfoRequest struct {
	Target string `json:"target_name"`
}

// ShutdownRequest asks the kernel to end.
type ShutdownRequest struct {
	Restart bool `json:"restart"` // another one is started in its place
}

// DebugRequest is a request of the Debug Adapter Protocol.
type DebugRequest struct {
	Seq     int    `json:"seq"`
	Command string `json:"command"`
}

// KernelInfoRequest asks the kernel to introduce itself.
type KernelInfoRequest struct{}

// InterruptRequest asks for the running cell to be stopped.
type InterruptRequest struct{}

// MessageType is "execute_request".
func (ExecuteRequest) MessageType() string { return "execute_request" }

// MessageType is "complete_request".
func (CompleteRequest) MessageType() string { return "complete_request" }

// MessageType is "inspect_request".
func (InspectRequest) MessageType() string { return "inspect_request" }

// MessageType is "is_complete_request".
func (IsCompleteRequest) MessageType() string { return "is_complete_request" }

// MessageType is "history_request".
func (HistoryRequest) MessageType() string { return "history_request" }

// MessageType is "comm_info_request".
func (CommInfoRequest) MessageType() string { return "comm_info_request" }

// MessageType is "shutdown_request".
func (ShutdownRequest) MessageType() string { return "shutdown_request" }

// MessageType is "debug_request".
func (DebugRequest) MessageType() string { return "debug_request" }

// MessageType is "kernel_info_request".
func (KernelInfoRequest) MessageType() string { return "kernel_info_request" }

// MessageType is "interrupt_request".
func (InterruptRequest) MessageType() string { return "interrupt_request" }
