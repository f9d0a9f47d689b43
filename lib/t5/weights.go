package t5

import (
	"fmt"
	"math"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// weights are a model's parameters, by their place in the computation. Linear layers are [out, in], without biases.
type weights struct {
	embedding *tensor.Tensor // [vocab_size, d_model], of encoder and decoder
	head      *tensor.Tensor // [vocab_size, d_model], the embedding itself where they are tied
	encoder   stack
	decoder   stack
}

type stack struct {
	bias   *tensor.Tensor // [buckets, heads], what the distance between two positions adds to their score
	blocks []block
	norm   *tensor.Tensor // [d_model], after the last block
}

type block struct {
	self  attention
	cross attention // of a decoder
	feed  feedForward
}

type attention struct{ norm, q, k, v, o *tensor.Tensor }

type feedForward struct{ norm, gate, up, down *tensor.Tensor } // gate of gated ones only

// layout lists a model's parameters under the names of its checkpoint, how each starts, and where it goes.
type layout struct {
	config Config
	specs  []nn.Spec
	starts map[string]start
	places []**tensor.Tensor
}

// start is the normal distribution that a parameter's first values are drawn from.
type start struct{ mean, deviation float64 }

// newLayout returns the parameters of a model of configuration c, in the order of transformers' named_parameters, with
// places in w. The deviations are those of T5PreTrainedModel._init_weights.
func newLayout(c Config, w *weights) *layout {
	l := &layout{config: c, starts: map[string]start{}}
	l.matrix(&w.embedding, "shared.weight", 1, c.VocabSize, c.DModel)
	l.stack(&w.encoder, "encoder", c.NumLayers)
	l.stack(&w.decoder, "decoder", c.NumDecoderLayers)
	if !c.TieWordEmbeddings {
		l.matrix(&w.head, "lm_head.weight", 1, c.VocabSize, c.DModel)
	}
	return l
}

func (l *layout) stack(s *stack, name string, blocks int64) {
	s.blocks = make([]block, blocks)
	for i := range s.blocks {
		b := &s.blocks[i]
		layer := fmt.Sprintf("%s.block.%d.layer.", name, i)
		l.attention(&b.self, layer+"0.", "SelfAttention.")
		if i == 0 {
			// The first block's biases serve all blocks. Their name has "bias" in it, so they do not decay.
			bias := layer + "0.SelfAttention.relative_attention_bias.weight"
			l.add(&s.bias, start{deviation: inverseRoot(l.config.DModel)},
				nn.Spec{Name: bias, Shape: []int64{l.config.RelativeAttentionNumBuckets, l.config.NumHeads}})
		}
		l.norm(&b.self.norm, layer+"0.layer_norm.weight")
		feed := layer + "1."
		if name == "decoder" {
			l.attention(&b.cross, layer+"1.", "EncDecAttention.")
			l.norm(&b.cross.norm, layer+"1.layer_norm.weight")
			feed = layer + "2."
		}
		l.feedForward(&b.feed, feed+"DenseReluDense.")
		l.norm(&b.feed.norm, feed+"layer_norm.weight")
	}
	l.norm(&s.norm, name+".final_layer_norm.weight")
}

func (l *layout) attention(a *attention, layer, kind string) {
	c := l.config
	inner := c.NumHeads * c.DKV
	// Queries start small enough that scores need no division by sqrt(d_kv).
	l.matrix(&a.q, layer+kind+"q.weight", inverseRoot(c.DModel*c.DKV), inner, c.DModel)
	l.matrix(&a.k, layer+kind+"k.weight", inverseRoot(c.DModel), inner, c.DModel)
	l.matrix(&a.v, layer+kind+"v.weight", inverseRoot(c.DModel), inner, c.DModel)
	l.matrix(&a.o, layer+kind+"o.weight", inverseRoot(inner), c.DModel, inner)
}

func (l *layout) feedForward(f *feedForward, layer string) {
	c := l.config
	if c.FeedForwardProj == GatedGELU {
		l.matrix(&f.gate, layer+"wi_0.weight", inverseRoot(c.DModel), c.DFF, c.DModel)
		l.matrix(&f.up, layer+"wi_1.weight", inverseRoot(c.DModel), c.DFF, c.DModel)
	} else {
		l.matrix(&f.up, layer+"wi.weight", inverseRoot(c.DModel), c.DFF, c.DModel)
	}
	l.matrix(&f.down, layer+"wo.weight", inverseRoot(c.DFF), c.DModel, c.DFF)
}

func (l *layout) matrix(place **tensor.Tensor, name string, deviation float64, rows, columns int64) {
	l.add(place, start{deviation: deviation}, nn.Spec{Name: name, Shape: []int64{rows, columns}, Decay: true})
}

func (l *layout) norm(place **tensor.Tensor, name string) {
	l.add(place, start{mean: 1}, nn.Spec{Name: name, Shape: []int64{l.config.DModel}})
}

func (l *layout) add(place **tensor.Tensor, s start, spec nn.Spec) {
	l.places = append(l.places, place)
	l.specs = append(l.specs, spec)
	l.starts[spec.Name] = s
}

func inverseRoot(n int64) float64 { return 1 / math.Sqrt(float64(n)) }

// fill puts the allocated parameters in their places.
func (l *layout) fill(p *nn.Parameters, w *weights) {
	for i, spec := range l.specs {
		*l.places[i] = p.Get(spec.Name)
	}
	if w.head == nil {
		w.head = w.embedding
	}
}
