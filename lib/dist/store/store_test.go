package store_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"paperlab/lib/dist/store"
)

func serve(t *testing.T) *store.Server {
	t.Helper()
	server, err := store.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func dial(t *testing.T, ctx context.Context, server *store.Server, timeout time.Duration) *store.Client {
	t.Helper()
	client, err := store.Dial(ctx, "127.0.0.1", server.Port(), timeout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() }) // the server may have hung up before
	return client
}

func TestAValueIsThereForEveryClient(t *testing.T) {
	server := serve(t)
	one, other := dial(t, t.Context(), server, time.Minute), dial(t, t.Context(), server, time.Minute)
	if there, err := other.Check("a"); err != nil || there {
		t.Errorf("before it is set: %v, %v", there, err)
	}
	if err := one.Set("a", []byte("value")); err != nil {
		t.Fatal(err)
	}
	if value, err := other.Get("a"); err != nil || string(value) != "value" {
		t.Errorf("got %q, %v", value, err)
	}
	if err := one.Set("empty", nil); err != nil {
		t.Fatal(err)
	}
	if value, err := other.Get("empty"); err != nil || len(value) != 0 {
		t.Errorf("got %q, %v for an empty value", value, err)
	}
}

func TestCountsAddUp(t *testing.T) {
	server := serve(t)
	var all sync.WaitGroup
	for range 8 {
		client := dial(t, t.Context(), server, time.Minute)
		all.Go(func() {
			if _, err := client.Add("n", 2); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if sum, err := dial(t, t.Context(), server, time.Minute).Add("n", -1); err != nil || sum != 15 {
		t.Errorf("the sum is %d, %v; want 15", sum, err)
	}
}

func TestAWaitEndsWhenTheLastKeyComes(t *testing.T) {
	server := serve(t)
	waiting, setting := dial(t, t.Context(), server, time.Minute), dial(t, t.Context(), server, time.Minute)
	came := make(chan error)
	go func() { came <- waiting.Wait("a", "b") }()
	for _, key := range []string{"a", "b"} {
		select {
		case err := <-came:
			t.Fatalf("came before %s: %v", key, err)
		default:
		}
		if err := setting.Set(key, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-came; err != nil {
		t.Error(err)
	}
}

func TestAWaitThatIsInVainEnds(t *testing.T) {
	server := serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	short, canceled := dial(t, t.Context(), server, 20*time.Millisecond), dial(t, ctx, server, time.Minute)
	if _, err := short.Get("never"); !errors.Is(err, store.ErrTimeout) {
		t.Errorf("a short timeout: %v", err)
	}
	if _, err := short.Get("never"); err == nil {
		t.Error("a client that failed says nothing of it")
	}
	came := make(chan error)
	go func() { came <- canceled.Wait("never") }()
	cancel()
	if err := <-came; !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	gone := dial(t, t.Context(), server, time.Minute)
	go func() { came <- gone.Wait("never") }()
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if err := <-came; err == nil {
		t.Error("the wait outlived the server")
	}
}

func TestDialSaysWhatIsNotThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Dial(t.Context(), "127.0.0.1", port, 30*time.Millisecond); !errors.Is(err, store.ErrTimeout) {
		t.Errorf("nobody listens: %v", err)
	}
	if _, err := store.Serve("127.0.0.1:99999"); err == nil {
		t.Error("a port that there is not was served")
	}
}
