package exec

import (
	"golang.org/x/tools/go/ssa"
)

// terminator compiles an instruction that ends its block.
func (c *compiler) terminator(b *ssa.BasicBlock, instr ssa.Instruction) (next func(*frame) *block, ends bool) {
	switch instr := instr.(type) {
	case *ssa.Jump:
		return c.edge(b, b.Succs[0]), true
	case *ssa.If:
		return c.branch(b, instr), true
	case *ssa.Return:
		c.leave(instr)
		return func(*frame) *block { return nil }, true
	case *ssa.Panic:
		x := c.reg(instr.X)
		c.emit(func(fr *frame) { panic(*at[any](fr, x)) })
		return func(*frame) *block { return nil }, true
	}
	return nil, false
}

// leave copies the results to where the caller reads them.
func (c *compiler) leave(instr *ssa.Return) {
	moves := make([]move, len(instr.Results))
	for i, v := range instr.Results {
		moves[i] = move{c.f.results[i].reg, c.reg(v), c.f.results[i].copier}
	}
	for _, o := range parallel(moves) {
		c.emit(o)
	}
	if c.lends {
		c.emit(func(fr *frame) { fr.runDefers() })
	}
}

// edge goes from one block to another: it sets the phis there. Going back is where an interrupt is looked for.
func (c *compiler) edge(from, to *ssa.BasicBlock) func(*frame) *block {
	moves := c.phis(from, to)
	target := c.blocks[to.Index]
	back := to.Index <= from.Index
	switch {
	case len(moves) == 0 && !back:
		return func(*frame) *block { return target }
	case len(moves) == 1 && !back:
		only := moves[0]
		return func(fr *frame) *block {
			only(fr)
			return target
		}
	}
	return func(fr *frame) *block {
		for _, m := range moves {
			m(fr)
		}
		if back && fr.g.task.stop.Load() {
			fr.g.check()
		}
		return target
	}
}

// branch chooses between two edges. A comparison that serves the branch alone is not computed to a register first.
func (c *compiler) branch(b *ssa.BasicBlock, instr *ssa.If) func(*frame) *block {
	yes, no := c.edge(b, b.Succs[0]), c.edge(b, b.Succs[1])
	if cond, ok := instr.Cond.(*ssa.BinOp); ok && c.fused(cond) {
		test := c.comparison(cond)
		return func(fr *frame) *block {
			if test(fr) {
				return yes(fr)
			}
			return no(fr)
		}
	}
	cond := c.reg(instr.Cond)
	return func(fr *frame) *block {
		if *at[bool](fr, cond) {
			return yes(fr)
		}
		return no(fr)
	}
}

// fused tells whether a comparison is the condition of the branch that follows it and serves nothing else.
func (c *compiler) fused(x *ssa.BinOp) bool {
	if !isComparison(x.Op) {
		return false
	}
	refs := *x.Referrers()
	if len(refs) != 1 {
		return false
	}
	branch, ok := refs[0].(*ssa.If)
	instrs := x.Block().Instrs
	return ok && branch.Block() == x.Block() && len(instrs) > 1 && instrs[len(instrs)-2] == ssa.Instruction(x)
}

// phis lists the copies that set the phis of a block for one of its predecessors.
func (c *compiler) phis(from, to *ssa.BasicBlock) []op {
	which := -1
	for i, p := range to.Preds {
		if p == from {
			which = i
		}
	}
	var moves []move
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		m := move{c.reg(phi), c.reg(phi.Edges[which]), c.copierOf(phi)}
		if m.dst != m.src {
			moves = append(moves, m)
		}
	}
	return parallel(moves)
}
