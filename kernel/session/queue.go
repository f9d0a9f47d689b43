package session

import (
	"sync"

	"paperlab/kernel/wire"
)

// queue holds the requests that wait for the cell before them. It is safe for concurrent use.
type queue struct {
	mu      sync.Mutex
	changed *sync.Cond
	waiting []*wire.Message
	aborted map[*wire.Message]bool // of those that wait
	closed  bool
}

func newQueue() *queue {
	q := &queue{aborted: map[*wire.Message]bool{}}
	q.changed = sync.NewCond(&q.mu)
	return q
}

func (q *queue) push(m *wire.Message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, m)
	q.changed.Signal()
}

// pop waits for a request. It returns nil when the queue is closed.
func (q *queue) pop() *wire.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) == 0 && !q.closed {
		q.changed.Wait()
	}
	if q.closed {
		return nil
	}
	m := q.waiting[0]
	q.waiting = q.waiting[1:]
	return m
}

// abort marks what waits: it is not to be run.
func (q *queue) abort() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range q.waiting {
		q.aborted[m] = true
	}
}

// isAborted says whether a request that came out of the queue was marked, and forgets it.
func (q *queue) isAborted(m *wire.Message) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	aborted := q.aborted[m]
	delete(q.aborted, m)
	return aborted
}

// close drops what waits.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed, q.waiting = true, nil
	q.changed.Broadcast()
}
