package trie

// openBlocks is how many of the last blocks are searched for free slots: earlier ones are nearly full, and searching
// them would make building quadratic.
const openBlocks = 16

// builder lays the sorted keys out node by node, parents first. Free slots form a ring, so that finding a place never
// looks at a taken one.
type builder struct {
	keys  []string
	order []int32 // indices of keys, sorted by key
	units []unit
	next  []int32 // ring of free slots
	prev  []int32
	head  int32 // first free slot of the open blocks, none when there is no free slot
}

// grow appends one block of free slots, and closes the oldest open block.
func (b *builder) grow() {
	start := int32(len(b.units))
	for i := start; i < start+block; i++ {
		b.units = append(b.units, unit{check: none, value: none})
		b.next = append(b.next, i+1)
		b.prev = append(b.prev, i-1)
	}
	end := start + block - 1
	if start == 0 {
		b.head, b.prev[0], b.next[end] = 0, end, 0
		return
	}
	if closed := start - openBlocks*block; closed >= 0 {
		for b.head != none && b.head < closed+block {
			b.unlink(b.head)
		}
	}
	if b.head == none {
		b.head, b.prev[start], b.next[end] = start, end, start
		return
	}
	last := b.prev[b.head]
	b.next[last], b.prev[start] = start, last
	b.next[end], b.prev[b.head] = b.head, end
}

// unlink takes slot i out of the ring.
func (b *builder) unlink(i int32) {
	if b.next[i] == i {
		b.head = none
		return
	}
	b.next[b.prev[i]], b.prev[b.next[i]] = b.next[i], b.prev[i]
	if b.head == i {
		b.head = b.next[i]
	}
	b.next[i] = i // out of the ring: take must not unlink it again
}

// take marks slot i as used.
func (b *builder) take(i int32) {
	if b.next[i] != i || b.head == i {
		b.unlink(i)
	}
}

// place lays out node, whose keys are order[lo:hi] and share their first depth bytes.
func (b *builder) place(node int32, lo, hi, depth int) {
	if lo < hi && len(b.keys[b.order[lo]]) == depth {
		b.units[node].value = b.order[lo]
		lo++
	}
	if lo == hi {
		return
	}
	var labels []byte
	var starts []int
	for i := lo; i < hi; i++ {
		c := b.keys[b.order[i]][depth]
		if len(labels) == 0 || labels[len(labels)-1] != c {
			labels, starts = append(labels, c), append(starts, i)
		}
	}
	starts = append(starts, hi)

	base := b.findBase(labels)
	b.units[node].base = base
	for _, c := range labels {
		child := base ^ int32(c)
		b.take(child)
		b.units[child].check = node
	}
	for i, c := range labels {
		b.place(base^int32(c), starts[i], starts[i+1], depth+1)
	}
}

// findBase returns a base that puts every label on a free slot.
func (b *builder) findBase(labels []byte) int32 {
	if b.head != none {
		for slot := b.head; ; {
			base := slot ^ int32(labels[0])
			if b.fits(base, labels) {
				return base
			}
			if slot = b.next[slot]; slot == b.head {
				break
			}
		}
	}
	start := int32(len(b.units))
	b.grow()
	return start
}

func (b *builder) fits(base int32, labels []byte) bool {
	for _, c := range labels {
		slot := base ^ int32(c)
		if slot == Root || b.units[slot].check != none {
			return false
		}
	}
	return true
}
