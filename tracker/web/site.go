package web

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"paperlab/tracker"
)

// Site is a handler, and where and to whom it is served.
type Site struct {
	// Addr is HOST:PORT; port 0 takes a free one. On this machine's own addresses everybody is let in who asks for it by
	// its own names, elsewhere who has the token.
	Addr string
	// Token, if it is not empty, is wanted everywhere. Elsewhere than on the own machine a new one is made if it is.
	Token string
	// Uploads are as in [GuardOptions].
	Uploads []string

	Handler http.Handler
	// Ready is called once the site can be asked, with its address, such as http://127.0.0.1:7272, and the token that
	// visitors need, or an empty one. An error ends the site.
	Ready      func(address, token string) error
	Complaints *log.Logger // of connections that failed
}

// Address is where a browser gets in.
func Address(base, token string) string {
	if token == "" {
		return base + "/"
	}
	return base + "/?token=" + token
}

// Open serves a site behind its [Guard] until the context is done. An address or a token that will not do is an error with
// a method Usage.
func Open(ctx context.Context, site Site) error {
	guard, err := site.guard()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", site.Addr)
	if err != nil {
		return &tracker.Error{Op: "serve at", On: site.Addr, Err: err, Advice: "--addr 127.0.0.1:0 takes a free port"}
	}
	if err := site.Ready("http://"+reachable(listener.Addr().String()), guard.Token); err != nil {
		_ = listener.Close() // nobody was told of it
		return err
	}
	return Serve(ctx, listener, Guard(guard, site.Handler), site.Complaints)
}

// shortestToken is how long a token has to be that nobody shall guess.
const shortestToken = 16

// guard says who is let in.
func (s *Site) guard() (GuardOptions, error) {
	options := GuardOptions{Token: s.Token, Uploads: s.Uploads}
	if options.Token != "" && len(options.Token) < shortestToken {
		return options, misuse{fmt.Errorf("serve: the token has %d characters: want %d or more", len(options.Token), shortestToken)}
	}
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return options, misuse{fmt.Errorf("serve: --addr %q: want HOST:PORT such as 127.0.0.1:7272", s.Addr)}
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		options.Hosts = append(LoopbackHosts(), host)
	} else if options.Token == "" {
		options.Token = NewToken()
	}
	return options, nil
}

// reachable is an address by which others find this machine.
func reachable(address string) string {
	if host, port, err := net.SplitHostPort(address); err == nil && net.ParseIP(host).IsUnspecified() {
		if machine, err := os.Hostname(); err == nil {
			return net.JoinHostPort(machine, port)
		}
	}
	return address
}

// misuse marks an error as the caller's.
type misuse struct{ error }

func (misuse) Usage() bool     { return true }
func (m misuse) Unwrap() error { return m.error }
