package wire_test

import (
	"log/slog"
	"net"
	"os"
	"strconv"
	"testing"

	"paperlab/kernel/wire"
	"paperlab/kernel/wire/wiretest"
)

// Without an exec in between, the process hands its sockets to itself.
func TestReservedSocketsAreTakenOverWithWhoWaitsAtThem(t *testing.T) {
	connection := wiretest.Free(t)
	if err := wire.Reserve(connection); err != nil {
		t.Fatal(err)
	}
	early, err := net.Dial("tcp", net.JoinHostPort(connection.IP, strconv.Itoa(connection.ShellPort)))
	if err != nil {
		t.Fatal(err)
	}
	defer early.Close()
	sockets, err := wire.Listen(connection, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer sockets.Close()
	var greeting [1]byte
	if _, err := early.Read(greeting[:]); err != nil || greeting[0] != 0xff {
		t.Errorf("greeted with %x, %v", greeting, err)
	}
	client := wiretest.Dial(t, connection)
	id := client.Shell.Send(wire.KernelInfoRequest{})
	if request := <-sockets.Shell.Requests(); request.Header.ID != id {
		t.Errorf("got %+v", request.Header)
	}
	if list, ok := os.LookupEnv("PAPERLAB_KERNEL_SOCKETS"); ok {
		t.Errorf("child processes are told of %s", list)
	}
}

func TestPortsThatAreTakenCannotBeReserved(t *testing.T) {
	connection := wiretest.Free(t)
	listener, err := net.Listen("tcp", net.JoinHostPort(connection.IP, strconv.Itoa(connection.StdinPort)))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if err := wire.Reserve(connection); err == nil {
		t.Error("no error")
	}
}
