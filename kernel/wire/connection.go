package wire

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
)

// Connection says where a kernel listens and how messages are signed: the content of a connection file.
type Connection struct {
	Transport       string `json:"transport"` // tcp or ipc
	IP              string `json:"ip"`        // with ipc the path that the sockets' paths begin with
	ShellPort       int    `json:"shell_port"`
	ControlPort     int    `json:"control_port"`
	StdinPort       int    `json:"stdin_port"`
	IOPubPort       int    `json:"iopub_port"`
	HeartbeatPort   int    `json:"hb_port"`
	SignatureScheme string `json:"signature_scheme"`
	Key             string `json:"key"` // empty if messages are not signed
	KernelName      string `json:"kernel_name,omitempty"`
}

// ReadConnection reads a connection file. What it leaves out has the value that Jupyter gives it.
func ReadConnection(path string) (Connection, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Connection{}, fmt.Errorf("read connection file: %w", err)
	}
	c := Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: signatureScheme}
	if err := json.Unmarshal(data, &c); err != nil {
		return Connection{}, fmt.Errorf("read connection file %s: %w", path, err)
	}
	if err := c.check(); err != nil {
		return Connection{}, fmt.Errorf("read connection file %s: %w", path, err)
	}
	return c, nil
}

const signatureScheme = "hmac-sha256"

func (c *Connection) check() error {
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return fmt.Errorf("transport %q: want tcp or ipc", c.Transport)
	}
	if c.Key != "" && c.SignatureScheme != signatureScheme {
		return fmt.Errorf("signature_scheme %q: want %s", c.SignatureScheme, signatureScheme)
	}
	for name, port := range c.ports() {
		if *port < 0 || *port > 65535 {
			return fmt.Errorf("%s_port %d: want a port, 0 to 65535", name, *port)
		}
	}
	return nil
}

// ports returns the ports by the names of their sockets in a connection file.
func (c *Connection) ports() map[string]*int {
	return map[string]*int{"shell": &c.ShellPort, "control": &c.ControlPort, "stdin": &c.StdinPort, "iopub": &c.IOPubPort, "hb": &c.HeartbeatPort}
}

// listen opens the socket at a port. Port 0 of tcp is a free one; listen writes back which.
func (c Connection) listen(port *int) (net.Listener, error) {
	if c.Transport == "ipc" {
		return net.Listen("unix", fmt.Sprintf("%s-%d", c.IP, *port))
	}
	host := c.IP
	if host == "*" {
		host = ""
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(*port)))
	if err == nil {
		*port = listener.Addr().(*net.TCPAddr).Port
	}
	return listener, err
}
