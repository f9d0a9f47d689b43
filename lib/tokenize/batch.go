package tokenize

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// EncodeBatch encodes texts as Encode does, on all cores, and returns their ids in the same order. The error is that of
// ctx, when it ends first.
func (t *Tokenizer) EncodeBatch(ctx context.Context, texts []string, maxLength int) ([][]int, error) {
	out := make([][]int, len(texts))
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(len(texts), runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(texts) {
					return
				}
				out[i] = t.Encode(texts[i], maxLength)
			}
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return out, nil
}
