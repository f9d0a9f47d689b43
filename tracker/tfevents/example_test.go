package tfevents_test

import (
	"bytes"
	"fmt"
	"time"

	"paperlab/tracker/tfevents"
)

func Example() {
	var file bytes.Buffer
	created := time.Unix(1700000000, 0)
	w, err := tfevents.NewWriter(&file, created)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := w.Scalar("Training Loss", 1, created, 0.1); err != nil {
		fmt.Println(err)
		return
	}
	for r := tfevents.NewReader(&file); ; {
		event, err := r.Next()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(event.Version, event.Step, event.Values)
	}
	// Output:
	// brain.Event:2 0 []
	//  1 [{Training Loss  0.1}]
	// EOF
}
