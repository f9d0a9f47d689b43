package wire

// The values of a reply's status.
const (
	OK      = "ok"
	Failed  = "error"
	Aborted = "aborted" // not run, since a request before it failed
)

// Reply is a reply that says no more than how a request went.
type Reply struct {
	Type   string `json:"-"` // msg_type: "interrupt_reply"
	Status string `json:"status"`
	*Error        // if Status is Failed
}

// ExecuteReply says how code ran.
type ExecuteReply struct {
	Status          string                    `json:"status"`
	ExecutionCount  int                       `json:"execution_count"`
	UserExpressions map[string]UserExpression `json:"user_expressions,omitempty"`
	Payload         []Page                    `json:"payload"`
	*Error                                    // if Status is Failed
}

// UserExpression is the value of an expression of a request, or why it has none.
type UserExpression struct {
	Status   string         `json:"status"`
	Data     map[string]any `json:"data,omitempty"`
	Metadata map[string]any `json:"metadata,omitempty"`
	*Error                  // if Status is Failed
}

// Page is text for the client's pager.
type Page struct {
	Source string         `json:"source"` // "page"
	Data   map[string]any `json:"data"`
	Start  int            `json:"start"`
}

// KernelInfoReply introduces the kernel.
type KernelInfoReply struct {
	Status                string       `json:"status"`
	ProtocolVersion       string       `json:"protocol_version"`
	Implementation        string       `json:"implementation"`
	ImplementationVersion string       `json:"implementation_version"`
	LanguageInfo          LanguageInfo `json:"language_info"`
	Banner                string       `json:"banner"`
	HelpLinks             []HelpLink   `json:"help_links"`
	Debugger              bool         `json:"debugger"`
	SupportedFeatures     []string     `json:"supported_features"`
}

// LanguageInfo describes the language of a kernel's code.
type LanguageInfo struct {
	Name           string `json:"name"`
	Version        string `json:"version"`
	MIMEType       string `json:"mimetype"`
	FileExtension  string `json:"file_extension"`
	PygmentsLexer  string `json:"pygments_lexer"`
	CodemirrorMode string `json:"codemirror_mode"`
}

// HelpLink is an entry of the client's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// CompleteReply lists what may stand between two places of the code, in Unicode code points.
type CompleteReply struct {
	Status   string         `json:"status"`
	Matches  []string       `json:"matches"`
	Start    int            `json:"cursor_start"`
	End      int            `json:"cursor_end"`
	Metadata map[string]any `json:"metadata"`
}

// InspectReply tells what is known of a name.
type InspectReply struct {
	Status   string         `json:"status"`
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

// IsCompleteReply says whether code can be run.
type IsCompleteReply struct {
	Status string `json:"status"` // complete, incomplete or invalid
	Indent string `json:"indent,omitempty"`
}

// HistoryReply lists code that was run, as [session, line, code] or [session, line, [code, output]].
type HistoryReply struct {
	Status  string   `json:"status"`
	History [][3]any `json:"history"`
}

// CommInfoReply lists the open comms by their IDs.
type CommInfoReply struct {
	Status string         `json:"status"`
	Comms  map[string]any `json:"comms"`
}

// ConnectReply lists the ports of the kernel.
type ConnectReply struct {
	Status    string `json:"status"`
	Shell     int    `json:"shell_port"`
	IOPub     int    `json:"iopub_port"`
	Stdin     int    `json:"stdin_port"`
	Control   int    `json:"control_port"`
	Heartbeat int    `json:"hb_port"`
}

// ShutdownReply says that the kernel ends. It is broadcast too.
type ShutdownReply struct {
	Status  string `json:"status"`
	Restart bool   `json:"restart"`
}

// DebugReply is a response of the Debug Adapter Protocol.
type DebugReply struct {
	Type       string `json:"type"` // "response"
	RequestSeq int    `json:"request_seq"`
	Success    bool   `json:"success"`
	Command    string `json:"command"`
	Message    string `json:"message"`
}

// MessageType is that of the reply.
func (r Reply) MessageType() string { return r.Type }

// MessageType is "execute_reply".
func (ExecuteReply) MessageType() string { return "execute_reply" }

// MessageType is "kernel_info_reply".
func (KernelInfoReply) MessageType() string { return "kernel_info_reply" }

// MessageType is "complete_reply".
func (CompleteReply) MessageType() string { return "complete_reply" }

// MessageType is "inspect_reply".
func (InspectReply) MessageType() string { return "inspect_reply" }

// MessageType is "is_complete_reply".
func (IsCompleteReply) MessageType() string { return "is_complete_reply" }

// MessageType is "history_reply".
func (HistoryReply) MessageType() string { return "history_reply" }

// MessageType is "comm_info_reply".
func (CommInfoReply) MessageType() string { return "comm_info_reply" }

// MessageType is "connect_reply".
func (ConnectReply) MessageType() string { return "connect_reply" }

// MessageType is "shutdown_reply".
func (ShutdownReply) MessageType() string { return "shutdown_reply" }

// MessageType is "debug_reply".
func (DebugReply) MessageType() string { return "debug_reply" }
