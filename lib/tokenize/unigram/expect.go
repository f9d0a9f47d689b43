package unigram

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// shards is how many parts the words are cut into. It is fixed, and the parts are added in order, so that sums do not
// depend on the number of cores.
const shards = 16

// eachWord calls visit for every word with its lattice, on all cores: words of one shard one after the other.
func eachWord(ctx context.Context, words []word, m *Model, visit func(shard int, w word, l *lattice)) error {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(shards, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			var l lattice
			for {
				shard := int(next.Add(1)) - 1
				if shard >= shards {
					return
				}
				for _, w := range words[shard*len(words)/shards : (shard+1)*len(words)/shards] {
					if ctx.Err() != nil {
						return
					}
					l.fill(m, w.text)
					visit(shard, w, &l)
				}
			}
		})
	}
	group.Wait()
	return ctx.Err()
}

// expect returns how often each piece is expected to occur in the words.
func expect(ctx context.Context, words []word, pieces []Piece) ([]float64, error) {
	m, err := modelOf(pieces)
	if err != nil {
		return nil, err
	}
	var parts [shards][]float64
	for i := range parts {
		parts[i] = make([]float64, len(pieces))
	}
	err = eachWord(ctx, words, m, func(shard int, w word, l *lattice) {
		l.expect(w.count, parts[shard])
	})
	return sumOf(parts[:]), err
}

// sumOf adds the parts, in order, into the first.
func sumOf(parts [][]float64) []float64 {
	sum := parts[0]
	for _, part := range parts[1:] {
		for i, v := range part {
			sum[i] += v
		}
	}
	return sum
}
