package train

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
)

// ErrNoExamples is in the chain of the error about a data set that is empty.
var ErrNoExamples = errors.New("no examples")

// plan is how a training is cut into epochs, steps and batches.
//
// It follows Trainer of transformers 4.49: the last group of an epoch may be short and still makes a step, yet the number
// of steps asked for counts only whole groups. So where the batches of an epoch are no multiple of the accumulation, the
// training ends within its last epochs, with the learning rate at zero as it should be. (Trainer takes the length of the short
// group from the number of examples in place of the batches, and now and then leaves some out; here all are trained on.)
type plan struct {
	examples, batchSize, accumulation int
	rank, ranks                       int // this process among those that train together
	batches                           int // of an epoch, for one rank; the last maybe short where there is one
	groups                            int // steps of an epoch, the last maybe of fewer batches
	steps                             int // of the whole training
}

func (c Config) plan(examples int) (plan, error) {
	if err := c.Validate(); err != nil {
		return plan{}, err
	}
	if examples < 1 {
		return plan{}, fmt.Errorf("train: the training set: %w", ErrNoExamples)
	}
	c = c.withDefaults()
	p := plan{examples: examples, batchSize: c.BatchSize, accumulation: c.Accumulation}
	p.ranks = c.Ranks
	p.batches = ceil(ceil(examples, c.BatchSize), c.Ranks)
	p.groups = ceil(p.batches, c.Accumulation)
	p.steps = c.Epochs * max(1, p.batches/c.Accumulation)
	if c.MaxSteps > 0 {
		p.steps = c.MaxSteps
	}
	return p, nil
}

func ceil(n, size int) int { return (n + size - 1) / size }

// epochOf returns the epoch, from 0, that the step after so many steps belongs to, and its number in that epoch.
func (p plan) epochOf(step int) (epoch, group int) { return step / p.groups, step % p.groups }

// epochs is how many times the examples have been seen after so many steps, as Trainer's "epoch" counts.
func (p plan) epochs(step int) float64 {
	epoch, group := p.epochOf(step)
	return float64(epoch) + float64(min(group*p.accumulation, p.batches))/float64(p.batches)
}

// endsEpoch says whether an epoch, or the training, ends with that step, counted from 1.
func (p plan) endsEpoch(step int) bool { return step > 0 && (step%p.groups == 0 || step == p.steps) }

// shared completes an epoch's order, so that each rank has as many whole batches: from its beginning on again, as BatchSamplerShard of
// accelerate does, which is Trainer's sampler where there are several processes.
func (p plan) shared(order []int) []int {
	whole := p.ranks * p.batchSize
	if p.ranks == 1 || len(order)%whole == 0 {
		return order
	}
	beginning := order[:min(len(order), whole)]
	order = slices.Clone(order)
	for len(order)%whole != 0 {
		order = append(order, beginning[:min(len(beginning), whole-len(order)%whole)]...)
	}
	return order
}

// group cuts this rank's batches of a group out of an epoch's shared order: the ranks take the batches in turns.
func (p plan) group(order []int, group int) [][]int {
	var batches [][]int
	for i := group * p.accumulation; i < min((group+1)*p.accumulation, p.batches); i++ {
		from := (i*p.ranks + p.rank) * p.batchSize
		batches = append(batches, order[from:min(from+p.batchSize, len(order))])
	}
	return batches
}

// shuffled returns the order of n examples in an epoch.
func shuffled(seed int64, epoch, n int) []int {
	return rand.New(rand.NewPCG(uint64(seed), uint64(epoch))).Perm(n)
}

// grouped sorts an order by falling length within stretches of up to 50 groups of so many examples, and puts the longest of all first:
// get_length_grouped_indices of transformers, whose random permutation is the order.
func grouped(order, lengths []int, size int) []int {
	const most, fewest = 50, 4 // groups in a stretch; stretches
	stretch := max(1, min(len(order)/(size*fewest), most)) * size
	order = slices.Clone(order)
	longest := 0 // where it stands: first of its stretch
	for from := 0; from < len(order); from += stretch {
		part := order[from:min(from+stretch, len(order))]
		slices.SortStableFunc(part, func(a, b int) int { return lengths[b] - lengths[a] })
		if lengths[part[0]] > lengths[order[longest]] {
			longest = from
		}
	}
	order[0], order[longest] = order[longest], order[0]
	return order
}

// lengthsOf asks a data set how long its examples are.
func lengthsOf(data interface{ Len() int }) ([]int, error) {
	measured, ok := data.(interface{ Length(index int) int })
	if !ok {
		return nil, errors.New("train: examples are to be grouped by length, but the data set does not tell lengths (it needs a method Length)")
	}
	lengths := make([]int, data.Len())
	for i := range lengths {
		lengths[i] = measured.Length(i)
	}
	return lengths, nil
}

// checkOrder refuses what is no permutation of 0 to n-1.
func checkOrder(order []int, epoch, n int) error {
	seen := make([]bool, n)
	for _, index := range order {
		if index < 0 || index >= n || seen[index] {
			return fmt.Errorf("train: the order of epoch %d: %d is out of range or comes twice, among %d examples", epoch, index, n)
		}
		seen[index] = true
	}
	if len(order) != n {
		return fmt.Errorf("train: the order of epoch %d has %d of %d examples", epoch, len(order), n)
	}
	return nil
}
