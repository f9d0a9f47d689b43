package wire

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"
)

// handshakeTime is what a client may take to introduce itself.
const handshakeTime = 10 * time.Second

// link is a connection whose writes are gathered once the handshake is over.
type link struct {
	net.Conn
	gathered *bufio.Writer
}

func (l *link) Write(p []byte) (int, error) {
	if l.gathered != nil {
		return l.gathered.Write(p)
	}
	return l.Conn.Write(p)
}

// shake performs the server's side of a ZMTP handshake for a socket of the type, and returns zmq4's end of the
// connection, which writes through link.
func shake(conn net.Conn, kind zmq4.SocketType) (_ *zmq4.Conn, _ *link, err error) {
	defer func() {
		// zmq4 panics on socket types that it does not know, and reads past the end of malformed metadata.
		if r := recover(); r != nil {
			err = fmt.Errorf("zmq handshake: %v", r)
		}
	}()
	if err := conn.SetDeadline(time.Now().Add(handshakeTime)); err != nil {
		return nil, nil, err
	}
	l := &link{Conn: conn}
	z, err := zmq4.Open(l, security{}, kind, nil, true, nil)
	if err != nil {
		return nil, nil, err
	}
	const window = 64 << 10
	l.gathered = bufio.NewWriterSize(conn, window)
	return z, l, conn.SetDeadline(time.Time{})
}

// security is ZeroMQ's NULL mechanism. It differs from zmq4's in that it reads no more than a command may hold.
type security struct{}

func (security) Type() zmq4.SecurityType { return zmq4.NullSecurity }

func (security) Handshake(conn *zmq4.Conn, _ bool) error {
	metadata, err := conn.Meta.MarshalZMTP()
	if err != nil {
		return err
	}
	if err := conn.SendCmd(zmq4.CmdReady, metadata); err != nil {
		return err
	}
	frames, command, err := readMessage(io.LimitReader(conn, 64<<10))
	if err != nil {
		return err
	}
	const ready = "\x05" + zmq4.CmdReady
	if !command || len(frames) != 1 || len(frames[0]) < len(ready) || string(frames[0][:len(ready)]) != ready {
		return errors.New("zmq handshake: the client did not answer READY")
	}
	return conn.Peer.Meta.UnmarshalZMTP(frames[0][len(ready):])
}

func (security) Encrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }
func (security) Decrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }
