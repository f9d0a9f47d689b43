package query_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/query"
)

// Which runs with a small learning rate came below a loss of 2.5?
func Example() {
	filter, err := query.Parse(`status == "finished" && params.lr <= 5e-5 && min("eval/loss") < 2.5`)
	if err != nil {
		log.Fatal(err)
	}
	columns, err := query.ParseColumns(`name, params.lr as lr, min("eval/loss") as best`)
	if err != nil {
		log.Fatal(err)
	}
	for _, run := range []struct {
		name     string
		lr, best float64
	}{{"slow", 1e-5, 2.3}, {"fast", 1e-3, 2.1}, {"slower", 1e-6, 2.9}} {
		row := query.NewRow(
			&tracker.Run{Name: run.name, Status: tracker.Finished, Params: tracker.Params{"lr": run.lr}},
			[]tracker.Series{{Key: "eval/loss", Count: 9, Min: run.best}},
			time.Now(), nil) // nothing here asks for points
		ok, err := filter.Match(row)
		if err != nil {
			log.Fatal(err)
		}
		if ok {
			values, err := columns.Values(row)
			fmt.Println(columns.Titles(), values, err)
		}
	}
	// Output: [name lr best] [slow 1e-05 2.3] <nil>
}

// An error points at what is wrong.
func ExampleError() {
	_, err := query.Parse(`params.lr < 1e-3 && statsu == "finished"`)
	var wrong *query.Error
	if errors.As(err, &wrong) {
		fmt.Printf("%s\n%v (%s)\n", wrong.Caret(), wrong, wrong.Hint())
	}
	// Output:
	// params.lr < 1e-3 && statsu == "finished"
	//                     ^
	// column 21: there is no field statsu (did you mean status?)
}
