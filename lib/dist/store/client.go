package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"
)

// ErrTimeout is in the chain of the error of what took longer than the client's timeout.
var ErrTimeout = errors.New("timed out")

// Client asks a server. It is safe for concurrent use: one query goes on at a time, waiting included. After a failure the
// connection is of no use any more, and every later call fails.
type Client struct {
	ctx     context.Context // ends every wait
	timeout time.Duration   // of every wait
	conn    net.Conn
	unhook  func() bool

	mu sync.Mutex
	r  *reader
}

// Dial connects to the server at host and port, which may not be there yet: it tries again until timeout or the end of ctx,
// which later ends whatever the client waits for.
func Dial(ctx context.Context, host string, port int, timeout time.Duration) (*Client, error) {
	addr := net.JoinHostPort(host, strconv.Itoa(port))
	dialing, cancel := context.WithTimeoutCause(ctx, timeout, ErrTimeout)
	defer cancel()
	for {
		conn, err := new(net.Dialer).DialContext(dialing, "tcp", addr)
		if err == nil {
			return connect(ctx, conn, addr, timeout)
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-dialing.Done():
			return nil, fmt.Errorf("store: connect to %s: %w after %v: %w (is rank 0 running there, and MASTER_ADDR and MASTER_PORT the same for all?)",
				addr, context.Cause(dialing), timeout, err)
		}
	}
}

// connect greets the server, which shows whether it speaks this protocol.
func connect(ctx context.Context, conn net.Conn, addr string, timeout time.Duration) (*Client, error) {
	c := &Client{ctx: ctx, timeout: timeout, conn: conn, r: &reader{from: bufio.NewReader(conn)}}
	// A deadline in the past wakes whoever reads.
	c.unhook = context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	nonce := uint32(os.Getpid())
	greeting := append(ask(validate).word(magic), ask(ping).word(nonce)...)
	err := c.exchange("greet "+addr, greeting, func() error {
		if echo := c.r.word(); c.r.err == nil && echo != nonce {
			return errors.New("the answer is not that of a TCPStore of torch 2.2 or later")
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Close hangs up.
func (c *Client) Close() error {
	c.unhook()
	return c.conn.Close()
}

// exchange sends a message and reads its answer.
func (c *Client) exchange(what string, m message, answer func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.exchangeLocked(what, m, answer)
}

func (c *Client) exchangeLocked(what string, m message, answer func() error) error {
	if c.r.err == nil {
		c.r.err = c.conn.SetDeadline(time.Now().Add(c.timeout))
	}
	// Cancelled before the deadline was set: AfterFunc's would be overwritten.
	if err := c.ctx.Err(); c.r.err == nil && err != nil {
		c.r.err = err
	}
	if c.r.err == nil {
		_, c.r.err = c.conn.Write(m)
	}
	if c.r.err == nil && answer != nil {
		if err := answer(); c.r.err == nil {
			c.r.err = err
		}
	}
	return c.explain(what)
}

// explain says what went wrong and why.
func (c *Client) explain(what string) error {
	err := c.r.err
	if err == nil {
		return nil
	}
	if cause := context.Cause(c.ctx); cause != nil {
		err = cause
	} else if errors.Is(err, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("%w after %v", ErrTimeout, c.timeout)
	}
	return fmt.Errorf("store: %s: %w", what, err)
}

// Set gives a key a value.
func (c *Client) Set(key string, value []byte) error {
	return c.exchange("set "+key, ask(set).key(key).bytes(value), nil)
}

// Add adds to the number at a key, 0 where there is none, and returns the sum.
func (c *Client) Add(key string, delta int64) (sum int64, err error) {
	err = c.exchange("add to "+key, ask(add).key(key).number(uint64(delta)), func() error {
		sum = int64(c.r.number())
		return nil
	})
	return sum, err
}

// CountMe tells a rank 0 of Python's that one more rank is there, which it waits for.
func (c *Client) CountMe() error {
	_, err := c.Add(workers, 1)
	return err
}

// Get waits until a key is there and returns its value.
func (c *Client) Get(key string) (value []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.waitLocked([]string{key}); err != nil {
		return nil, err
	}
	err = c.exchangeLocked("get "+key, ask(get).key(key), func() error {
		value = c.r.bytes()
		return nil
	})
	return value, err
}

// Wait waits until all keys are there.
func (c *Client) Wait(keys ...string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waitLocked(keys)
}

func (c *Client) waitLocked(keys []string) error {
	return c.exchangeLocked(fmt.Sprintf("wait for %q", keys), ask(wait).keys(keys), func() error {
		if answer := c.r.byte(); c.r.err == nil && answer != came {
			return errors.New("the server ended the wait")
		}
		return nil
	})
}

// Check says whether all keys are there.
func (c *Client) Check(keys ...string) (there bool, err error) {
	err = c.exchange("check", ask(check).keys(keys), func() error {
		there = c.r.byte() == ready
		return nil
	})
	return there, err
}
