package mlflow_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"paperlab/tracker/storetest"
)

// Several programs at once send batches as large as they may be, as autologging does, and each sets a parameter that all set.
func TestBurstsOfSeveralClientsArrive(t *testing.T) {
	const clients, batches, size = 8, 5, 999 // and a parameter: no more than 1,000 in all
	store := storetest.New(t)
	run := storetest.Create(t, store, "burst")
	url := serve(t, store) + "/api/2.0/mlflow/runs/log-batch"
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			for batch := range batches {
				var body strings.Builder
				fmt.Fprintf(&body, `{"run_id":%q,"params":[{"key":"lr","value":"5e-05"}],"metrics":[`, run.ID)
				for i := range size {
					if i > 0 {
						body.WriteByte(',')
					}
					fmt.Fprintf(&body, `{"key":"loss/%d","value":%d,"timestamp":"1700000000000","step":"%d"}`, client, i, batch*size+i)
				}
				body.WriteString("]}")
				response, err := http.Post(url, "application/json", strings.NewReader(body.String()))
				if err != nil {
					t.Error(err)
					return
				}
				response.Body.Close()
				if response.StatusCode != http.StatusOK {
					t.Errorf("client %d, batch %d: %s", client, batch, response.Status)
				}
			}
		})
	}
	all.Wait()
	series, err := store.Series(t.Context(), run.ID)
	if err != nil || len(series) != clients {
		t.Fatalf("%d series, %v", len(series), err)
	}
	for _, s := range series {
		if s.Count != batches*size || s.Last.Step != batches*size-1 {
			t.Errorf("%s: %d points up to step %d", s.Key, s.Count, s.Last.Step)
		}
	}
}
