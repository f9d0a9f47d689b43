package table_test

import (
	"context"
	"fmt"
	"os"

	"paperlab/lib/bench/table"
)

func Example() {
	rows := []table.Row{
		{Work: "sort", Unit: table.Seconds, Ours: "sort.go", Peer: "sort.py", PeerName: "Python", Reach: 4},
		{Work: "parse", Unit: table.Rate("files"), Ours: "parse.go", Aim: 1000, PeerName: "the aim", Reach: 1},
		{Work: "fly", Missing: "not built yet"},
	}
	samples := map[string]table.Sample{"sort.go": {Seconds: 0.5}, "sort.py": {Seconds: 3}, "parse.go": {Seconds: 0.002}}
	run := func(_ context.Context, task string) (table.Sample, error) { return samples[task], nil }

	t, err := table.Measure(context.Background(), rows, 1, run)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := t.Print(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// work   unit      ours  peer  peer's name  ratio  reach  met
	// ─────────────────────────────────────────────────────────────
	// sort   s        0.500  3.00  Python        6.00   4.00  yes
	// parse  files/s    500  1000  the aim      0.500   1.00  no
	//
	// not measured:
	//   fly: not built yet
}
