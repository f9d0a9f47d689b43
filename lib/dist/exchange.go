package dist

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"

	"paperlab/lib/tensor"
)

// GatherFloats returns every rank's values, as many on each, to the bit.
func (g *Group) GatherFloats(ctx context.Context, values []float64) ([][]float64, error) {
	bits := make([]int64, len(values))
	for i, v := range values {
		bits[i] = int64(math.Float64bits(v))
	}
	gathered, err := g.gather(ctx, bits)
	all := make([][]float64, len(gathered))
	for rank, bits := range gathered {
		for _, b := range bits {
			all[rank] = append(all[rank], math.Float64frombits(uint64(b)))
		}
	}
	return all, err
}

// GatherBytes returns every rank's message, whatever its length.
func (g *Group) GatherBytes(ctx context.Context, message []byte) ([][]byte, error) {
	lengths, err := g.gather(ctx, []int64{int64(len(message))})
	if err != nil {
		return nil, err
	}
	most := int64(0)
	for _, n := range lengths {
		most = max(most, n[0])
	}
	words := make([]int64, (most+7)/8)
	padded := make([]byte, 8*len(words))
	copy(padded, message)
	for i := range words {
		words[i] = int64(binary.LittleEndian.Uint64(padded[8*i:]))
	}
	gathered, err := g.gather(ctx, words)
	if err != nil {
		return nil, err
	}
	all := make([][]byte, len(gathered))
	for rank, words := range gathered {
		for _, w := range words {
			all[rank] = binary.LittleEndian.AppendUint64(all[rank], uint64(w))
		}
		all[rank] = all[rank][:lengths[rank][0]]
	}
	return all, nil
}

// Share returns the message of rank 0; what the others pass does not count.
func (g *Group) Share(ctx context.Context, message []byte) ([]byte, error) {
	if g.Rank() != 0 {
		message = nil
	}
	all, err := g.GatherBytes(ctx, message)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// gather returns every rank's words.
func (g *Group) gather(ctx context.Context, words []int64) ([][]int64, error) {
	if g == nil {
		return [][]int64{words}, nil
	}
	if len(words) == 0 {
		return make([][]int64, g.Size()), nil
	}
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	own := s.FromInt64s(words, int64(len(words)))
	if s.Err() != nil {
		return nil, fmt.Errorf("dist: gather: %w", s.Err())
	}
	into, err := g.AllGather(ctx, s, own)
	if err != nil {
		return nil, err
	}
	flat, err := into.Int64s()
	if err != nil {
		return nil, fmt.Errorf("dist: gather: %w", err)
	}
	all := make([][]int64, g.Size())
	for rank := range all {
		all[rank] = flat[rank*len(words) : (rank+1)*len(words)]
	}
	return all, nil
}
