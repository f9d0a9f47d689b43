package wire

import (
	"bufio"
	"errors"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// maxBacklog is how much may wait to be sent to one peer, in bytes. One that has more outstanding has stopped reading, and
// is disconnected; ZeroMQ's clients connect again by themselves when they come back to life.
const maxBacklog = 64 << 20

var errStuck = errors.New("it stopped reading")

// peer is one client's connection to a socket. What is sent to it waits in memory, so that nobody waits for it.
type peer struct {
	conn *zmq4.Conn
	link *link
	id   string // ZeroMQ's identity of the client's socket; empty if it has none

	mu      sync.Mutex
	changed *sync.Cond
	queue   [][][]byte // messages to be sent
	backlog int        // bytes in queue, and of the message being written
	closing bool       // takes no more messages; what is queued is still sent
	closed  bool

	sent func() // called when bytes of the backlog were sent; nil if nobody wants to know
}

func newPeer(conn *zmq4.Conn, link *link) *peer {
	p := &peer{conn: conn, link: link, id: conn.Peer.Meta["Identity"]}
	p.changed = sync.NewCond(&p.mu)
	return p
}

// send queues a message. It fails if the peer is gone, and disconnects it if it has stopped reading.
func (p *peer) send(frames [][]byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing || p.closed {
		return errors.New("the client is disconnected")
	}
	if p.backlog > maxBacklog {
		p.drop()
		return errStuck
	}
	p.queue = append(p.queue, frames)
	p.backlog += sizeOf(frames)
	p.changed.Signal()
	return nil
}

// sizeOf is what a message takes of the memory, roughly.
func sizeOf(frames [][]byte) int {
	const slice = 24
	size := 0
	for _, frame := range frames {
		size += slice + len(frame)
	}
	return size
}

// waiting returns how many bytes wait to be sent.
func (p *peer) waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.backlog
}

// write sends what is queued until the peer is closed.
func (p *peer) write() {
	defer p.close()
	for {
		batch := p.take()
		if batch == nil {
			return
		}
		for _, frames := range batch {
			if p.conn.SendMsg(zmq4.NewMsgFrom(frames...)) != nil {
				return
			}
			p.done(sizeOf(frames))
		}
		if p.link.gathered.Flush() != nil {
			return
		}
	}
}

// take waits for messages. It returns none when the peer is closed, or closing and nothing is left.
func (p *peer) take() [][][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.closing && !p.closed {
		p.changed.Wait()
	}
	if p.closed {
		return nil
	}
	batch := p.queue
	p.queue = nil
	return batch
}

func (p *peer) done(bytes int) {
	p.mu.Lock()
	p.backlog -= bytes
	p.mu.Unlock()
	if p.sent != nil {
		p.sent()
	}
}

// read calls handle for each message until the connection ends, and returns why it did.
func (p *peer) read(handle func(frames [][]byte)) error {
	defer p.close()
	const window = 64 << 10
	r := bufio.NewReaderSize(p.link.Conn, window)
	for {
		frames, command, err := readMessage(r)
		if err != nil {
			return err
		}
		if !command {
			handle(frames)
		}
	}
}

// finish has the peer closed when what is queued was sent.
func (p *peer) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closing = true
	p.changed.Signal()
}

// close disconnects the peer at once.
func (p *peer) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop()
}

// drop disconnects and lets go of the memory; mu is held.
func (p *peer) drop() {
	if p.closed {
		return
	}
	p.closed, p.queue, p.backlog = true, nil, 0
	p.changed.Signal()
	_ = p.link.Close() // whatever goes wrong, the peer is gone
}
