package wire

import (
	"context"
	"strings"
	"sync"
	"time"
)

const (
	// paced is how far the best reader may be behind before Pace waits for it, in bytes.
	paced = 16 << 20
	// stall is how long Pace waits for readers none of which takes anything.
	stall = 2 * time.Second
)

// Publisher is the socket on which a kernel broadcasts: iopub. It is safe for concurrent use; messages reach every
// subscriber in the order of the calls.
type Publisher struct {
	endpoint *endpoint
	codec    *Codec

	mu     sync.Mutex
	topics map[*peer]map[string]int // how often each topic was subscribed to
	moved  chan struct{}            // closed when a subscriber took something

	first      sync.Once
	subscribed chan struct{} // closed when there is a subscriber
}

func newPublisher(e *endpoint, codec *Codec) *Publisher {
	p := &Publisher{endpoint: e, codec: codec, topics: map[*peer]map[string]int{}, moved: make(chan struct{}), subscribed: make(chan struct{})}
	e.joined, e.received, e.left = p.joined, p.received, p.left
	e.serve()
	return p
}

func (p *Publisher) joined(subscriber *peer) {
	subscriber.sent = p.progress
	p.mu.Lock()
	defer p.mu.Unlock()
	p.topics[subscriber] = map[string]int{}
}

func (p *Publisher) left(subscriber *peer) {
	p.mu.Lock()
	delete(p.topics, subscriber)
	p.mu.Unlock()
	p.progress()
}

// received takes a subscription, and answers it with iopub_welcome: from here on the subscriber misses nothing.
func (p *Publisher) received(subscriber *peer, frames [][]byte) {
	if len(frames) != 1 || len(frames[0]) == 0 {
		return
	}
	const unsubscribe, subscribe = 0, 1
	topic := string(frames[0][1:])
	p.mu.Lock()
	defer p.mu.Unlock()
	topics, ok := p.topics[subscriber]
	if !ok {
		return // just disconnected
	}
	switch frames[0][0] {
	case subscribe:
		topics[topic]++
		welcome, err := p.codec.Encode(nil, Welcome{Subscription: topic}, nil)
		if err != nil {
			p.endpoint.log.Error("welcome a subscriber", "error", err)
			return
		}
		p.send(subscriber, append([][]byte{[]byte(topic)}, welcome...))
		p.first.Do(func() { close(p.subscribed) })
	case unsubscribe:
		if topics[topic]--; topics[topic] <= 0 {
			delete(topics, topic)
		}
	}
}

// Subscribed is closed when the first subscriber is there.
func (p *Publisher) Subscribed() <-chan struct{} { return p.subscribed }

// Publish broadcasts a message, whose topic is its type. It never waits for a subscriber; see [Publisher.Pace].
func (p *Publisher) Publish(parent Parent, content Content) error {
	frames, err := p.codec.Encode(parent, content, nil)
	if err != nil {
		return err
	}
	topic := content.MessageType()
	frames = append([][]byte{[]byte(topic)}, frames...)
	p.mu.Lock()
	defer p.mu.Unlock()
	for subscriber, topics := range p.topics {
		if matches(topics, topic) {
			p.send(subscriber, frames)
		}
	}
	return nil
}

func matches(topics map[string]int, topic string) bool {
	for prefix := range topics {
		if strings.HasPrefix(topic, prefix) {
			return true
		}
	}
	return false
}

func (p *Publisher) send(subscriber *peer, frames [][]byte) {
	if err := subscriber.send(frames); err == errStuck {
		p.endpoint.log.Warn("disconnected a subscriber", "socket", p.endpoint.name, "error", err)
	}
}

// progress wakes those who wait in Pace.
func (p *Publisher) progress() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.moved)
	p.moved = make(chan struct{})
}

// Pace waits until the best of the readers has caught up, so that whoever publishes much does so no faster than it can be
// read. A reader that is much slower than the best is not waited for. If none of them reads any more they are
// disconnected. Pace returns early when ctx is done.
func (p *Publisher) Pace(ctx context.Context) {
	for {
		best, moved := p.backlog()
		if best <= paced {
			return
		}
		timer := time.NewTimer(stall)
		select {
		case <-moved:
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
			p.dropStalled()
		}
		timer.Stop()
	}
}

// backlog returns what waits to be sent to the reader for which the least does, 0 without readers.
func (p *Publisher) backlog() (best int, moved <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	first := true
	for subscriber, topics := range p.topics {
		if len(topics) == 0 {
			continue
		}
		if waiting := subscriber.waiting(); first || waiting < best {
			best, first = waiting, false
		}
	}
	return best, p.moved
}

func (p *Publisher) dropStalled() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for subscriber := range p.topics {
		if subscriber.waiting() > paced {
			p.endpoint.log.Warn("disconnected a subscriber", "socket", p.endpoint.name, "error", errStuck)
			subscriber.close()
			delete(p.topics, subscriber)
		}
	}
}
