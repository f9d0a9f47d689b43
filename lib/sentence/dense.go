package sentence

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"paperlab/lib/nn"
	"paperlab/lib/safetensors"
	"paperlab/lib/tensor"
)

// dense is a layer between the pooling and the vector (models/Dense.py of sentence_transformers): activation(x W^T + b).
type dense struct {
	config  denseConfig
	weights *nn.Parameters
}

// denseConfig is a dense layer's config.json.
type denseConfig struct {
	In         int64  `json:"in_features"`
	Out        int64  `json:"out_features"`
	Bias       bool   `json:"bias"`
	Activation string `json:"activation_function"` // the name of torch's class
}

// activations are what torch's classes of these names compute; nil: nothing.
var activations = map[string]func(*tensor.Scope, *tensor.Tensor) *tensor.Tensor{
	"torch.nn.modules.linear.Identity": nil,
	"torch.nn.modules.activation.Tanh": (*tensor.Scope).Tanh,
	"torch.nn.modules.activation.ReLU": (*tensor.Scope).ReLU,
	"torch.nn.modules.activation.GELU": (*tensor.Scope).GELU,
}

// The names of a dense layer's weights.
const denseWeight, denseBias = "linear.weight", "linear.bias"

func (c denseConfig) check(width int64) error {
	if _, known := activations[c.Activation]; !known {
		return fmt.Errorf("activation_function is %q, where tanh, ReLU, GELU and none are known", c.Activation)
	}
	if c.In != width || c.Out < 1 {
		return fmt.Errorf("it makes %d components of %d, where %d come", c.Out, c.In, width)
	}
	return nil
}

// loadDense reads the layer of a folder, for vectors of a width.
func loadDense(dir string, width int64, d tensor.Device) (_ *dense, err error) {
	var c denseConfig
	path := filepath.Join(dir, "config.json")
	found, err := readJSON(path, &c)
	if err == nil && !found {
		err = errors.New("is missing")
	}
	if err == nil {
		err = c.check(width)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	specs := []nn.Spec{{Name: denseWeight, Shape: []int64{c.Out, c.In}, Decay: true}}
	if c.Bias {
		specs = append(specs, nn.Spec{Name: denseBias, Shape: []int64{c.Out}})
	}
	file, err := safetensors.OpenFolder(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	weights, err := nn.NewParameters(d, specs)
	if err != nil {
		return nil, err
	}
	if err := weights.Load(file, nil); err != nil {
		weights.Close()
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return &dense{c, weights}, nil
}

// save writes the layer into a folder.
func (l *dense) save(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := l.weights.Save(filepath.Join(dir, "model.safetensors")); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, "config.json"), l.config)
}

func (l *dense) forward(s *tensor.Scope, x *tensor.Tensor) *tensor.Tensor {
	y := s.Cast(s.Linear(x, l.weights.Get(denseWeight), l.weights.Get(denseBias)), tensor.Float32) // whatever the product was in
	if activate := activations[l.config.Activation]; activate != nil {
		return activate(s, y)
	}
	return y
}
