package rouge

// lcsTable finds longest common subsequences by dynamic programming. It keeps its memory for the next call.
type lcsTable struct {
	row   []int32  // lengths for the prefix of a that has been read and each prefix of b
	left  []uint64 // a bit for each cell: the way back from it goes to the left
	union []bool   // for each token of a line: in one of the subsequences found since startUnion
}

// length returns the length of the longest common subsequence of a and b.
func (t *lcsTable) length(a, b []int32) int {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	row := t.clearedRow(len(b))
	for _, x := range a {
		var diagonal, before int32
		for j, y := range b {
			above := row[j]
			length := max(above, before)
			if x == y {
				length = diagonal + 1
			}
			row[j], before, diagonal = length, length, above
		}
	}
	return int(row[len(b)-1])
}

// startUnion begins a union of subsequences of a line of n tokens.
func (t *lcsTable) startUnion(n int) {
	t.union = append(t.union[:0], make([]bool, n)...)
}

// addToUnion marks the tokens of a that make up a longest common subsequence with b: of several, the one that
// rouge_score takes, whose way back through the table goes up rather than left when both keep the length.
func (t *lcsTable) addToUnion(a, b []int32) {
	t.fillDirections(a, b)
	for i, j := len(a)-1, len(b)-1; i >= 0 && j >= 0; {
		cell := i*len(b) + j
		switch {
		case a[i] == b[j]:
			t.union[i] = true
			i--
			j--
		case t.left[cell/64]>>(cell%64)&1 == 1:
			j--
		default:
			i--
		}
	}
}

// fillDirections sets the bit of each cell whose left neighbour is longer than the one above it.
func (t *lcsTable) fillDirections(a, b []int32) {
	words := (len(a)*len(b) + 63) / 64
	if cap(t.left) < words {
		t.left = make([]uint64, words)
	}
	t.left = t.left[:words]
	clear(t.left)
	row := t.clearedRow(len(b))
	cell := 0
	for _, x := range a {
		var diagonal, before int32
		for j, y := range b {
			above := row[j]
			length := max(above, before)
			if x == y {
				length = diagonal + 1
			}
			if before > above {
				t.left[cell/64] |= 1 << (cell % 64)
			}
			row[j], before, diagonal = length, length, above
			cell++
		}
	}
}

// clearedRow returns a row of n zeros.
func (t *lcsTable) clearedRow(n int) []int32 {
	if cap(t.row) < n {
		t.row = make([]int32, n)
	}
	t.row = t.row[:n]
	clear(t.row)
	return t.row
}
