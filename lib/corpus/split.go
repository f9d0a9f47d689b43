package corpus

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Split is a corpus in three parts that share no record.
type Split struct {
	Train, Validation, Test []Paper
}

// Table returns the parts, one a row: name, number of papers, and the fields that the first of them has.
func (s Split) Table() (header []string, rows [][]string) {
	for _, part := range []struct {
		name   string
		papers []Paper
	}{{"train", s.Train}, {"validation", s.Validation}, {"test", s.Test}} {
		var fields []string
		if len(part.papers) > 0 {
			fields = part.papers[0].Fields()
		}
		rows = append(rows, []string{part.name, strconv.Itoa(len(part.papers)), strings.Join(fields, ", ")})
	}
	return []string{"split", "papers", "fields"}, rows
}

// Sizes is how many papers each part of a Split should have at most. The study's are 2000, 500 and 500.
type Sizes struct {
	Train, Validation, Test int
}

func (s Sizes) check() error {
	if s.Train < 0 || s.Validation < 0 || s.Test < 0 || s.total() <= 0 {
		return fmt.Errorf("corpus: split sizes %d/%d/%d: none may be negative, one must be positive",
			s.Train, s.Validation, s.Test)
	}
	return nil
}

func (s Sizes) total() int { return s.Train + s.Validation + s.Test }

// scale returns the sizes for n papers: themselves when n is enough. Else n is shared out in proportion; a part that is
// wanted gets at least one paper as long as there are any, the training part first.
func (s Sizes) scale(n int) Sizes {
	total := s.total()
	if n >= total {
		return s
	}
	wanted := [...]int{s.Train, s.Validation, s.Test}
	var parts [3]int
	left := n
	for i, size := range wanted {
		if size > 0 && left > 0 {
			parts[i], left = 1, left-1
		}
	}
	shared := left
	for i, size := range wanted {
		share := shared * size / total
		parts[i], left = parts[i]+share, left-share
	}
	for i, size := range wanted { // what rounding down left over, less than one paper a part
		more := min(left, size-parts[i])
		parts[i], left = parts[i]+more, left-more
	}
	return Sizes{Train: parts[0], Validation: parts[1], Test: parts[2]}
}

// Divide splits papers at random: the same papers, sizes and seed give the same Split. When there are fewer papers
// than sizes ask for, sizes are taken as proportions and every paper is used. papers itself is left as it is.
func Divide(papers []Paper, sizes Sizes, seed uint64) (Split, error) {
	if err := sizes.check(); err != nil {
		return Split{}, err
	}
	order := rand.New(rand.NewPCG(seed, 0)).Perm(len(papers))
	take := func(n int) []Paper {
		part := make([]Paper, n)
		for i, from := range order[:n] {
			part[i] = papers[from]
		}
		order = order[n:]
		return part
	}
	sizes = sizes.scale(len(papers))
	return Split{Train: take(sizes.Train), Validation: take(sizes.Validation), Test: take(sizes.Test)}, nil
}
