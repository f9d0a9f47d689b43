package generate

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// sampler draws ids by their probabilities, each row with a generator of its own.
type sampler struct {
	warp       warper
	generators []*rand.Rand
}

func newSampler(cfg Config, rows int) *sampler {
	d := &sampler{warp: newWarper(cfg)}
	for row := range rows {
		d.generators = append(d.generators, rand.New(rand.NewPCG(uint64(cfg.Seed), uint64(row))))
	}
	return d
}

// one draws an id from the scores of a row, which it changes.
func (d *sampler) one(row int, scores []float32) (int64, error) {
	d.warp.apply(scores)
	drawn := d.several(row, scores, 1)
	if len(drawn) == 0 {
		return 0, ErrNotNumbers
	}
	return int64(drawn[0]), nil
}

// several draws n places without replacement by the softmax of their scores, fewer where no more are possible: those whose
// scores are greatest after independent Gumbel noise (Kool et al. 2019).
func (d *sampler) several(row int, scores []float32, n int) []int {
	type candidate struct {
		place int
		noisy float64
	}
	var possible []candidate
	for place, score := range scores {
		if !math.IsInf(float64(score), -1) && score == score {
			noise := -math.Log(d.generators[row].ExpFloat64())
			possible = append(possible, candidate{place, float64(score) + noise})
		}
	}
	slices.SortFunc(possible, func(a, b candidate) int { return cmp.Compare(b.noisy, a.noisy) })
	drawn := make([]int, min(n, len(possible)))
	for i := range drawn {
		drawn[i] = possible[i].place
	}
	return drawn
}

// warper leaves of a row's scores those that may be drawn, in the order in which transformers applies its warpers.
type warper struct {
	temperature float64
	topK        int
	topP        float64
	least       int // ids that stay in any case
}

func newWarper(cfg Config) warper {
	w := warper{cfg.Temperature, cfg.TopK, cfg.TopP, 1}
	if cfg.NumBeams > 1 {
		w.least = 2 // one may be the end token
	}
	return w
}

func (w warper) apply(scores []float32) {
	if w.temperature != 1 {
		for i := range scores {
			scores[i] /= float32(w.temperature)
		}
	}
	if k := max(w.topK, w.least); w.topK > 0 && k < len(scores) {
		w.keepLikeliest(scores, k)
	}
	if w.topP < 1 {
		w.keepNucleus(scores)
	}
}

// keepLikeliest leaves the k greatest scores, and those that equal the least of them (TopKLogitsWarper; Fan et al. 2018).
func (w warper) keepLikeliest(scores []float32, k int) {
	sorted := slices.Sorted(slices.Values(scores))
	least := sorted[len(sorted)-k]
	for i, score := range scores {
		if score < least {
			scores[i] = impossible
		}
	}
}

// keepNucleus leaves the fewest ids whose probabilities add up to topP: it takes away the least likely as long as they add up to no
// more than the rest (TopPLogitsWarper).
func (w warper) keepNucleus(scores []float32) {
	places := make([]int, len(scores))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	probabilities := softmax(scores)
	below := 0.0
	for _, place := range places[:max(0, len(places)-w.least)] {
		if below += probabilities[place]; below > 1-w.topP {
			break
		}
		scores[place] = impossible
	}
}

// impossible is the score of what is not drawn.
var impossible = float32(math.Inf(-1))

// softmax returns the probabilities that scores stand for.
func softmax(scores []float32) []float64 {
	highest := float64(slices.Max(scores))
	sum := 0.0
	probabilities := make([]float64, len(scores))
	for i, score := range scores {
		probabilities[i] = math.Exp(float64(score) - highest)
		sum += probabilities[i]
	}
	for i := range probabilities {
		probabilities[i] /= sum
	}
	return probabilities
}
