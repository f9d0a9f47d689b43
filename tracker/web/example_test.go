package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
	"paperlab/tracker/web"
)

func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "example-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	store, err := sqlite.Open(ctx, filepath.Join(folder, "paperlab.db"))
	if err != nil {
		panic(err)
	}
	defer store.Close()
	run := tracker.Run{ID: "01k0z6v8mhk2t6gq6v0wz3n5tb", Project: "summarize", Name: "first", Status: tracker.Running, Started: time.Now(), Session: 1}
	if err := store.CreateRun(ctx, &run); err != nil {
		panic(err)
	}

	dashboard := web.Guard(web.GuardOptions{Hosts: web.LoopbackHosts()}, web.Handler(store, web.Options{Name: "paperlab.db"}))
	server := httptest.NewServer(dashboard)
	defer server.Close()
	answer, err := http.Get(server.URL + `/api/runs?filter=status+==+"running"`)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	fmt.Println(answer.Status, strings.Contains(string(body), `"name":"first"`), err)
	// Output: 200 OK true <nil>
}
