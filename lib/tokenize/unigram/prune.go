package unigram

import (
	"context"
	"math"
)

// prune drops the pieces without which the texts stay nearly as probable. It keeps shrinkingFactor of them, but no
// fewer than overshoot times size.
func prune(ctx context.Context, words []word, pieces []Piece, size int) ([]Piece, error) {
	m, err := modelOf(pieces)
	if err != nil {
		return nil, err
	}
	var parts [shards][]float64
	for i := range parts {
		parts[i] = make([]float64, len(pieces)+1)
	}
	err = eachWord(ctx, words, m, func(shard int, w word, l *lattice) {
		l.best(noPiece, func(id int32) { parts[shard][id] += w.count })
	})
	if err != nil {
		return nil, err
	}
	counts := sumOf(parts[:])[:len(pieces)]
	var total float64
	for _, n := range counts {
		total += n
	}

	var kept, candidates []Piece // of the candidates, Score is the loss
	scores := map[string]float64{}
	var l lattice
	for i, p := range pieces {
		if counts[i] == 0 {
			continue
		}
		l.fill(m, p.Text)
		var instead []int32
		without := l.best(int32(i), func(id int32) { instead = append(instead, id) })
		switch {
		case math.IsInf(without, -1):
			kept = append(kept, p) // nothing can take its place
		case without < p.Score:
			scores[p.Text] = p.Score
			candidates = append(candidates, Piece{Text: p.Text, Score: loss(counts, total, i, instead)})
		}
	}
	bestFirst(candidates)
	room := max(int(overshoot*float64(size)), int(shrinkingFactor*float64(len(pieces)))) - len(kept)
	for _, p := range candidates[:max(0, min(room, len(candidates)))] {
		kept = append(kept, Piece{Text: p.Text, Score: scores[p.Text]})
	}
	return kept, nil
}

// noPiece is no piece's id.
const noPiece = -1

// loss is how much less probable the texts become, about, when piece i is written with the pieces instead: its own
// count times the difference between its logarithmic probability and theirs, with the counts as they would be then.
func loss(counts []float64, total float64, i int, instead []int32) float64 {
	n := counts[i]
	logTotal := math.Log(total + n*float64(len(instead)-1))
	difference := math.Log(n) - math.Log(total)
	for _, id := range instead {
		if int(id) < len(counts) {
			difference -= math.Log(counts[id]+n) - logTotal
		}
	}
	return n * difference
}
