package exec

import "unsafe"

// move copies a register.
type move struct {
	dst, src reg
	copier   copier
}

// move emits a copy.
func (c *compiler) move(dst, src reg, how copier) {
	if how.shape != empty && dst != src {
		c.emit(move{dst, src, how}.op())
	}
}

func (m move) op() op {
	switch m.copier.shape {
	case word8:
		return moveOp[uint8](m.dst, m.src)
	case word16:
		return moveOp[uint16](m.dst, m.src)
	case word32:
		return moveOp[uint32](m.dst, m.src)
	case word64:
		return moveOp[uint64](m.dst, m.src)
	case pointer:
		return moveOp[unsafe.Pointer](m.dst, m.src)
	case text:
		return moveOp[string](m.dst, m.src)
	case slice:
		return moveOp[sliceHeader](m.dst, m.src)
	case iface:
		return moveOp[interfaceHeader](m.dst, m.src)
	}
	return func(fr *frame) { typedmemmove(m.copier.typ, fr.at(m.dst), fr.at(m.src)) }
}

func moveOp[T any](dst, src reg) op {
	return func(fr *frame) { *at[T](fr, dst) = *at[T](fr, src) }
}

// parallel orders copies that happen as if at once, so that each source is read before it is overwritten. Those that form
// a ring are rotated.
func parallel(moves []move) []op {
	var pending []move
	for _, m := range moves {
		if m.copier.shape != empty && m.dst != m.src {
			pending = append(pending, m)
		}
	}
	var ops []op
	for len(pending) > 0 {
		if i := unread(pending); i >= 0 {
			ops = append(ops, pending[i].op())
			pending = append(pending[:i], pending[i+1:]...)
			continue
		}
		ring := []reg{pending[0].dst}
		how := pending[0].copier
		for next := pending[0].src; next != ring[0]; {
			ring = append(ring, next)
			next = sourceOf(pending, next)
		}
		ops = append(ops, rotateOp(ring, how))
		rest := pending[:0]
		for _, m := range pending {
			if !contains(ring, m.dst) {
				rest = append(rest, m)
			}
		}
		pending = rest
	}
	return ops
}

// unread finds a copy whose destination no other copy reads.
func unread(moves []move) int {
	for i, m := range moves {
		read := false
		for _, other := range moves {
			read = read || other.src == m.dst
		}
		if !read {
			return i
		}
	}
	return -1
}

func sourceOf(moves []move, dst reg) reg {
	for _, m := range moves {
		if m.dst == dst {
			return m.src
		}
	}
	panic("a ring of copies is open")
}

func contains(regs []reg, r reg) bool {
	for _, x := range regs {
		if x == r {
			return true
		}
	}
	return false
}

// rotateOp gives each register of a ring the value of the next.
func rotateOp(ring []reg, how copier) op {
	switch how.shape {
	case word8, word16, word32, word64:
		return rotate[uint64](ring)
	case pointer:
		return rotate[unsafe.Pointer](ring)
	case text:
		return rotate[string](ring)
	case slice:
		return rotate[sliceHeader](ring)
	case iface:
		return rotate[interfaceHeader](ring)
	}
	return func(fr *frame) {
		first := newObject(how.typ)
		typedmemmove(how.typ, first, fr.at(ring[0]))
		for i := range len(ring) - 1 {
			typedmemmove(how.typ, fr.at(ring[i]), fr.at(ring[i+1]))
		}
		typedmemmove(how.typ, fr.at(ring[len(ring)-1]), first)
	}
}

func rotate[T any](ring []reg) op {
	return func(fr *frame) {
		first := *at[T](fr, ring[0])
		for i := range len(ring) - 1 {
			*at[T](fr, ring[i]) = *at[T](fr, ring[i+1])
		}
		*at[T](fr, ring[len(ring)-1]) = first
	}
}
