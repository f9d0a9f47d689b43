package plots_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/plot"

	"paperlab/plots"
)

// A scene is a plot that the golden images show, and that every format has to be able to write.
type scene struct {
	name string
	draw func() (*plot.Plot, error)
}

var scenes = []scene{
	{"loss of one run", func() (*plot.Plot, error) {
		return plots.Loss(one(noisy("", 500, 1, 0)), one(validation("", 10, 0)), plots.Options{Title: "flan-t5-small"})
	}},
	{"smoothed loss by epoch", func() (*plot.Plot, error) {
		return plots.Loss(one(noisy("", 500, 2, 0)), one(validation("", 10, 0)),
			plots.Options{Smoothing: 0.9, StepsPerEpoch: 50})
	}},
	{"learning rate", func() (*plot.Plot, error) {
		return plots.LearningRate(one(warmUp("", 10_000)), plots.Options{})
	}},
	{"memory", func() (*plot.Plot, error) {
		return plots.Memory([]plots.Series{
			curve("process", 200, func(x float64) float64 { return 1200 + 900*(1-math.Exp(-x/20)) }),
			curve("GPU 0", 200, func(x float64) float64 { return 3100 + 40*math.Sin(x/9) }),
		}, plots.Options{})
	}},
	{"gaps and infinities", func() (*plot.Plot, error) {
		s := curve("diverging", 60, func(x float64) float64 { return 2 + math.Sin(x/6) })
		for _, i := range []int{10, 11, 12, 29, 31} {
			s.Y[i] = math.NaN()
		}
		s.Y[40], s.Y[41], s.Y[50] = math.Inf(1), math.Inf(1), math.Inf(-1)
		return plots.Curves("gradient norm", one(s), plots.Options{})
	}},
	{"two dozen runs", func() (*plot.Plot, error) {
		var train, val []plots.Series
		for i := range 24 {
			name := fmt.Sprintf("run-%02d-lr-%de-5", i, i+1)
			train = append(train, curve(name, 250, func(x float64) float64 {
				return 1.6 + float64(i)*0.12 + 2.4*math.Exp(-x/(20+4*float64(i)))
			}))
			val = append(val, validation(name, 5, float64(i)*0.12))
		}
		return plots.Loss(train, val, plots.Options{Title: "learning rates"})
	}},
	{"bars", func() (*plot.Plot, error) {
		return plots.Bars("value", []string{"accuracy@1", "mrr@10", "ndcg@10", "change"}, []plots.Series{
			{Name: "baseline", Y: []float64{0.42, 0.55, 0.6, -0.1}}, {Name: "fine-tuned", Y: []float64{0.5, 0.61, 0.68, math.NaN()}},
		}, plots.Options{Title: "Before and after"})
	}},
	{"bands", func() (*plot.Plot, error) {
		var groups []plots.Group
		for i, name := range []string{"learning rate 5e-5", "learning rate 1e-4"} {
			g := plots.Group{Name: name}
			for seed := range 3 {
				g.Series = append(g.Series, noisy("", 60, uint64(10*i+seed), float64(i)/2))
			}
			groups = append(groups, g)
		}
		return plots.Bands("loss", groups, plots.Options{Smoothing: 0.6})
	}},
	{"parallel coordinates", func() (*plot.Plot, error) {
		return plots.ParallelCoordinates(sweepAxes(40), plots.Options{Title: "Sweep of 40 runs"})
	}},
	{"similarities", func() (*plot.Plot, error) {
		vectors, names, _ := clusters(9, 3)
		return plots.SimilarityHeatMap(names, vectors, plots.Options{Title: "How similar are the abstracts?"})
	}},
	{"embedding map", func() (*plot.Plot, error) {
		vectors, names, groups := clusters(45, 4)
		return plots.EmbeddingMap(vectors, names, groups, plots.Options{Title: "Papers by category"})
	}},
	{"long and foreign names", func() (*plot.Plot, error) {
		names := []string{
			"flan-t5-small, arXiv 2007, learning rate 5e-5, warm-up 500 steps, batch 16, seed 42",
			"épreuve no 3 – été", "δοκιμή α=0.5", "проба 7 < & > \"x\"", "bad \xff\xfe bytes\nand lines", "论文摘要 2",
		}
		var series []plots.Series
		for i, n := range names {
			series = append(series, curve(n, 40, func(x float64) float64 { return float64(i+2) / (1 + x/10) }))
		}
		return plots.Curves("loss", series, plots.Options{Title: "Über-Größe ≤ 5 µm"})
	}},
	{"logarithmic", func() (*plot.Plot, error) {
		s := curve("", 300, func(x float64) float64 { return 40 * math.Exp(-x/40) })
		s.Y[0], s.Y[100] = 0, -1
		return plots.Curves("loss", one(s), plots.Options{LogY: true})
	}},
	{"no data", func() (*plot.Plot, error) { return plots.Loss(nil, nil, plots.Options{}) }},
	{"one point", func() (*plot.Plot, error) {
		return plots.Curves("rouge1", one(plots.Series{Name: "a", X: []float64{500}, Y: []float64{0.31}}), plots.Options{})
	}},
}

// sweepAxes are n runs: a learning rate, a batch size, an optimizer, some without a warm-up, and a loss, which some lack.
func sweepAxes(n int) []plots.Axis {
	r := rand.New(rand.NewPCG(5, 6))
	rate := plots.Axis{Name: "learning_rate", Log: true}
	batch := plots.Axis{Name: "batch_size"}
	optimizer := plots.Axis{Name: "optimizer"}
	warmup := plots.Axis{Name: "warmup_steps"}
	loss := plots.Axis{Name: "min eval/loss"}
	for i := range n {
		lr := math.Pow(10, -5+3*r.Float64())
		rate.Values, batch.Values = append(rate.Values, lr), append(batch.Values, float64(int(4)<<r.IntN(4)))
		optimizer.Texts = append(optimizer.Texts, []string{"adamw", "adafactor", "sgd"}[r.IntN(3)])
		steps, value := float64(100*r.IntN(6)), 1.8+0.4*math.Pow(math.Log10(lr)+3.7, 2)+0.1*r.NormFloat64()
		if i%9 == 4 {
			steps = math.NaN()
		}
		if i%13 == 7 {
			value = math.Inf(1)
		}
		warmup.Values, loss.Values = append(warmup.Values, steps), append(loss.Values, value)
	}
	return []plots.Axis{rate, batch, optimizer, warmup, loss}
}

// clusters are n vectors of 16 dimensions around k centers.
func clusters(n, k int) (vectors []float32, names, groups []string) {
	r := rand.New(rand.NewPCG(8, 9))
	centers := make([]float64, 16*k)
	for i := range centers {
		centers[i] = r.NormFloat64()
	}
	for i := range n {
		for d := range 16 {
			vectors = append(vectors, float32(centers[i%k*16+d]+0.5*r.NormFloat64()))
		}
		names = append(names, fmt.Sprintf("paper %d on topic %c", i, 'A'+i%k))
		groups = append(groups, fmt.Sprintf("cs.%cL", 'A'+i%k))
	}
	return vectors, names, groups
}

func one(s plots.Series) []plots.Series { return []plots.Series{s} }

// curve has n points, f of the steps 0 to n-1.
func curve(name string, n int, f func(x float64) float64) plots.Series {
	s := plots.Series{Name: name}
	for i := range n {
		s.X = append(s.X, float64(i))
		s.Y = append(s.Y, f(float64(i)))
	}
	return s
}

// noisy looks like a training loss.
func noisy(name string, n int, seed uint64, offset float64) plots.Series {
	r := rand.New(rand.NewPCG(seed, 7))
	return curve(name, n, func(x float64) float64 {
		return 1.6 + offset + 2.4*math.Exp(-x/float64(n)*6) + 0.22*r.NormFloat64()
	})
}

// validation looks like the loss after each of n epochs of 50 steps.
func validation(name string, n int, offset float64) plots.Series {
	s := curve(name, n, func(x float64) float64 { return 1.75 + offset + 1.5*math.Exp(-(x+1)*6/float64(n)) })
	for i := range s.X {
		s.X[i] = (s.X[i] + 1) * 50
	}
	return s
}

// warmUp is a linear schedule to 5e-5 with a tenth of its steps as warm-up.
func warmUp(name string, n int) plots.Series {
	return curve(name, n, func(x float64) float64 {
		return 5e-5 * min(x/(0.1*float64(n)), (float64(n)-x)/(0.9*float64(n)))
	})
}

func mustDraw(t testing.TB, s scene) *plot.Plot {
	t.Helper()
	p, err := s.draw()
	if err != nil {
		t.Fatal(err)
	}
	return p
}
