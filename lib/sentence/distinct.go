package sentence

import (
	"math/rand/v2"
	"slices"
)

// Distinct returns an order for [train.Task] in which no batch has a text twice: to the ranking loss the second one would be a negative
// of a text that it belongs to. Each epoch is shuffled by the seed; a pair with a text that its batch has already waits
// for the next one, as in NoDuplicatesBatchSampler of sentence_transformers. That one ends with short batches where only
// such pairs are left; here they change places with pairs of earlier batches, and stay where no exchange helps.
func (p *Pairs) Distinct(batchSize int, seed int64) func(epoch, n int) []int {
	texts := p.numbered()
	return func(epoch, n int) []int {
		b := batches{texts: texts, size: max(batchSize, 1)}
		b.fill(rand.New(rand.NewPCG(uint64(seed), uint64(epoch))).Perm(n))
		b.repair()
		return b.order
	}
}

// Repeated is the number of pairs that share a text with an earlier one of their batch, in batches of an order.
func (p *Pairs) Repeated(order []int, batchSize int) int {
	b := batches{texts: p.numbered(), order: order, size: max(batchSize, 1)}
	repeated := 0
	for place := range order {
		if b.clashes(order[place], place, order[place-place%b.size:place]) {
			repeated++
		}
	}
	return repeated
}

// numbered gives each text of each pair a number, equal texts the same.
func (p *Pairs) numbered() [][]int {
	numbers := map[string]int{}
	texts := make([][]int, p.Len())
	for _, column := range p.columns {
		for i, tokens := range column {
			key := make([]byte, 0, 4*len(tokens))
			for _, id := range tokens {
				key = append(key, byte(id), byte(id>>8), byte(id>>16), byte(id>>24))
			}
			number, known := numbers[string(key)]
			if !known {
				number = len(numbers)
				numbers[string(key)] = number
			}
			texts[i] = append(texts[i], number)
		}
	}
	return texts
}

// batches is an order of pairs, cut every size places.
type batches struct {
	texts [][]int // of each pair
	order []int
	size  int
}

// fill takes pairs in their order; one that clashes with its batch waits. Where only such are left, they come last.
func (b *batches) fill(waiting []int) {
	for len(waiting) > 0 {
		taken := map[int]bool{}
		room := b.size
		var later []int
		for i, pair := range waiting {
			if room == 0 {
				later = append(later, waiting[i:]...)
				break
			}
			if slices.ContainsFunc(b.texts[pair], func(text int) bool { return taken[text] }) {
				later = append(later, pair)
				continue
			}
			for _, text := range b.texts[pair] {
				taken[text] = true
			}
			b.order = append(b.order, pair)
			room--
		}
		if room > 0 {
			b.order = append(b.order, later...)
			return
		}
		waiting = later
	}
}

// repair exchanges each pair that clashes with its batch for one of another batch, where neither clashes after it.
func (b *batches) repair() {
	for place := range b.order {
		if !b.clashes(b.order[place], place, b.batch(place)) {
			continue
		}
		for other := range b.order {
			if other/b.size != place/b.size && !b.clashes(b.order[place], other, b.batch(other)) && !b.clashes(b.order[other], place, b.batch(place)) {
				b.order[place], b.order[other] = b.order[other], b.order[place]
				break
			}
		}
	}
}

// batch is the batch that a place belongs to.
func (b *batches) batch(place int) []int {
	from := place - place%b.size
	return b.order[from:min(from+b.size, len(b.order))]
}

// clashes reports whether a pair, at a place of a batch, would share a text with another one there.
func (b *batches) clashes(pair, place int, batch []int) bool {
	for i, other := range batch {
		if i == place%b.size {
			continue
		}
		for _, text := range b.texts[pair] {
			if slices.Contains(b.texts[other], text) {
				return true
			}
		}
	}
	return false
}
