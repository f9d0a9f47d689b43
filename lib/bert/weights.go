package bert

import (
	"fmt"
	"strings"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// weights are a model's parameters, by their place in the computation.
type weights struct {
	words, positions, types *tensor.Tensor // [rows, hidden_size]
	norm                    affine         // of the embeddings
	layers                  []layer
	pooler                  affine // nil where the model has none
}

type layer struct {
	query, key, value, output affine
	outputNorm                affine
	up, down                  affine
	downNorm                  affine
}

// affine is a linear layer's weight [out, in], or a norm's [width], with its bias.
type affine struct{ weight, bias *tensor.Tensor }

// layout lists a model's parameters under the names of its checkpoint, and where each goes.
type layout struct {
	width  int64
	specs  []nn.Spec
	places []**tensor.Tensor
}

const poolerWeight = "pooler.dense.weight"

// newLayout returns the parameters of a model of configuration c, in the order of transformers' named_parameters, with
// places in w.
func newLayout(c Config, pooler bool, w *weights) *layout {
	l := &layout{width: c.HiddenSize}
	l.add(&w.words, "embeddings.word_embeddings.weight", true, c.VocabSize, c.HiddenSize)
	l.add(&w.positions, "embeddings.position_embeddings.weight", true, c.MaxPositionEmbeddings, c.HiddenSize)
	l.add(&w.types, "embeddings.token_type_embeddings.weight", true, c.TypeVocabSize, c.HiddenSize)
	l.norm(&w.norm, "embeddings.LayerNorm")
	w.layers = make([]layer, c.NumHiddenLayers)
	for i := range w.layers {
		l.layer(&w.layers[i], fmt.Sprintf("encoder.layer.%d.", i), c.IntermediateSize)
	}
	if pooler {
		// Sentence embeddings do not use it: it never has a gradient, and torch.optim leaves such parameters as they are.
		l.add(&w.pooler.weight, poolerWeight, false, c.HiddenSize, c.HiddenSize)
		l.add(&w.pooler.bias, "pooler.dense.bias", false, c.HiddenSize)
	}
	return l
}

func (l *layout) layer(w *layer, name string, intermediate int64) {
	l.linear(&w.query, name+"attention.self.query", l.width, l.width)
	l.linear(&w.key, name+"attention.self.key", l.width, l.width)
	l.linear(&w.value, name+"attention.self.value", l.width, l.width)
	l.linear(&w.output, name+"attention.output.dense", l.width, l.width)
	l.norm(&w.outputNorm, name+"attention.output.LayerNorm")
	l.linear(&w.up, name+"intermediate.dense", intermediate, l.width)
	l.linear(&w.down, name+"output.dense", l.width, intermediate)
	l.norm(&w.downNorm, name+"output.LayerNorm")
}

func (l *layout) linear(w *affine, name string, out, in int64) {
	l.add(&w.weight, name+".weight", true, out, in)
	l.add(&w.bias, name+".bias", false, out)
}

func (l *layout) norm(w *affine, name string) {
	l.add(&w.weight, name+".weight", false, l.width)
	l.add(&w.bias, name+".bias", false, l.width)
}

func (l *layout) add(place **tensor.Tensor, name string, decay bool, shape ...int64) {
	l.places = append(l.places, place)
	l.specs = append(l.specs, nn.Spec{Name: name, Shape: shape, Decay: decay})
}

// fill puts the allocated parameters in their places.
func (l *layout) fill(p *nn.Parameters) {
	for i, spec := range l.specs {
		*l.places[i] = p.Get(spec.Name)
	}
}

// aliases returns the other names that a parameter has in checkpoints: below "bert." where a larger model was saved, and
// a norm's weight and bias as gamma and beta where TensorFlow's were converted.
func aliases(parameter string) []string {
	names := []string{parameter}
	if norm, of, ok := strings.Cut(parameter, "LayerNorm."); ok {
		names = append(names, norm+"LayerNorm."+map[string]string{"weight": "gamma", "bias": "beta"}[of])
	}
	for _, name := range names {
		names = append(names, "bert."+name)
	}
	return names[1:]
}
