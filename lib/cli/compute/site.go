package compute

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
)

// Open serves a site until the context is done, to nobody but whom its guard lets in. It is main's: the library knows no guard.
type Open func(ctx context.Context, site Site) error

// Site is a handler, and where it is served.
type Site struct {
	Addr       string // HOST:PORT; port 0 takes a free one
	Token      string // that visitors need; empty: none on this machine's own addresses, else a new one
	Handler    http.Handler
	Ready      func(address, token string) error // called once the site can be asked, with its address and what visitors need
	Complaints io.Writer                         // of connections that failed
}

// visitors is the flags of who may come where.
type visitors struct{ addr, token string }

func (v *visitors) flags(cmd *cobra.Command, addr string) {
	cmd.Flags().StringVar(&v.addr, "addr", addr, "address to serve at; port 0 takes a free one")
	v.tokenFlag(cmd)
}

func (v *visitors) tokenFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&v.token, "token", "", "token that visitors need (default: $PAPERLAB_TOKEN; none on this machine's own address, else a new one)")
}

// open serves a handler, and greets on standard output: with a JSON object, or with a line that greeting makes of the
// address where one gets in.
func (v *visitors) open(cmd *cobra.Command, open Open, handler http.Handler, asJSON bool, greeting func(address string) string) error {
	return open(cmd.Context(), Site{
		Addr: v.addr, Token: cmp.Or(v.token, os.Getenv("PAPERLAB_TOKEN")), Handler: handler, Complaints: cmd.ErrOrStderr(),
		Ready: func(address, token string) error {
			if asJSON {
				return console.JSON(cmd.OutOrStdout(), map[string]string{"address": address, "token": token})
			}
			address += "/"
			if token != "" {
				address += "?token=" + token
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), greeting(address))
			return err
		},
	})
}
