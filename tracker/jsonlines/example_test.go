package jsonlines_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/jsonlines"
	"paperlab/tracker/sqlite"
)

func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "jsonlines-example-")
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
	run := &tracker.Run{ID: "01m891em0epd5sn276fdacgq8d", Project: "search", Name: "first", Status: tracker.Running, Session: 1,
		Started: time.Unix(1700000000, 0)}
	point := tracker.Point{Step: 1, Time: time.Unix(1700000001, 0), Session: 1, Value: 0.5}
	if err := store.CreateRun(ctx, run); err != nil {
		fmt.Println(err)
	}
	if err := store.Log(ctx, run.ID, []tracker.Sample{{Key: "train/loss", Point: point}}); err != nil {
		fmt.Println(err)
	}
	if _, err := jsonlines.Write(ctx, store, os.Stdout, run.ID); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"type":"run","id":"01m891em0epd5sn276fdacgq8d","project":"search","name":"first","status":"running","started":"2023-11-14T22:13:20Z","session":1,"params":{},"tags":{},"env":{}}
	// {"type":"point","run":"01m891em0epd5sn276fdacgq8d","key":"train/loss","session":1,"step":1,"time":"2023-11-14T22:13:21Z","value":0.5}
	// {"type":"end","run":"01m891em0epd5sn276fdacgq8d","points":1}
}
