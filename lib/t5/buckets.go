package t5

import "math"

// Buckets says how a stack sorts the distances between positions: near ones each for itself, far ones in logarithmically
// growing groups (Raffel et al. 2020, section 2.1; T5Attention._relative_position_bucket of transformers).
type Buckets struct {
	Num           int64 // relative_attention_num_buckets
	MaxDistance   int64 // relative_attention_max_distance: from there on one bucket
	Bidirectional bool  // an encoder's: half of the buckets are for keys after the query; a decoder's has one for them all
}

// Of returns the bucket, from 0 to Num-1, of a key whose position is the query's plus relative.
func (b Buckets) Of(relative int64) int64 {
	num, first := b.Num, int64(0)
	distance := max(-relative, 0)
	if b.Bidirectional {
		num /= 2
		if relative > 0 {
			first, distance = num, relative
		}
	}
	exact := num / 2
	if distance < exact {
		return first + distance
	}
	// In float32, as the peer has it: where a group begins depends on the rounding.
	log := func(x float64) float32 { return float32(math.Log(x)) }
	share := log(float64(float32(distance)/float32(exact))) / log(float64(b.MaxDistance)/float64(exact))
	return first + min(exact+int64(share*float32(num-exact)), num-1)
}

// Between returns the buckets of keys that lie from least to greatest after the query, one after the other.
func (b Buckets) Between(least, greatest int64) []int64 {
	line := make([]int64, max(greatest-least+1, 0))
	for i := range line {
		line[i] = b.Of(least + int64(i))
	}
	return line
}
