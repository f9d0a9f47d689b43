package mlflow_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/mlflow"
	"paperlab/tracker/sqlite"
)

func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "mlflow-example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	store, err := sqlite.Open(ctx, filepath.Join(folder, "paperlab.db"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	server := httptest.NewServer(mlflow.Handler(store, time.Now, rand.Reader))
	defer server.Close()
	// A Python program does this with MLFLOW_TRACKING_URI set to the server's address.
	answer, err := http.Post(server.URL+"/api/2.0/mlflow/runs/create", "application/json",
		strings.NewReader(`{"run_name":"first","tags":[{"key":"mlflow.note.content","value":"a note"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		fmt.Println(err)
	}
	runs, err := store.Runs(ctx, tracker.RunFilter{})
	fmt.Println(answer.Status, runs[0].Project, runs[0].Name, runs[0].Notes, err)
	// Output: 200 OK default first a note <nil>
}
