package bert

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"

	"paperlab/lib/hub/modelconfig"
	"paperlab/lib/nn"
	"paperlab/lib/safetensors"
	"paperlab/lib/tensor"
)

// Model is a BERT with its parameters on one device. Several goroutines may compute with it at once, each with scopes of its
// own, as long as none trains it or closes it.
type Model struct {
	// Checkpointing lets a backward pass compute again what each layer computed, which is not kept meanwhile (gradient checkpointing): less
	// memory for about a third more time, and the same gradients. To be set before training.
	Checkpointing bool

	config     Config
	parameters *nn.Parameters
	weights    weights
}

// New returns a model of configuration c with random weights on device d, drawn from the distributions of transformers'
// BertPreTrainedModel._init_weights by a generator of its own: equal seeds give equal weights on every device, and the
// process's generator is left alone. Close frees it.
func New(c Config, d tensor.Device, seed int64) (*Model, error) {
	m, err := allocate(c, d, true)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(uint64(seed), 0))
	err = m.parameters.Init(func(s *tensor.Scope, spec nn.Spec, value *tensor.Tensor) {
		switch {
		case strings.HasSuffix(spec.Name, "bias"):
			return // zero, as allocated
		case strings.Contains(spec.Name, "LayerNorm"):
			s.Fill(value, 1)
			return
		}
		values := make([]float32, value.Len())
		for i := range values {
			values[i] = float32(c.InitializerRange * rng.NormFloat64())
		}
		if spec.Name == "embeddings.word_embeddings.weight" {
			clear(values[c.PadTokenID*c.HiddenSize:][:c.HiddenSize])
		}
		drawn := s.Child()
		drawn.Copy(value, drawn.FromFloat32s(values, spec.Shape...))
		s.Adopt(drawn)
	})
	if err != nil {
		m.Close()
		return nil, fmt.Errorf("bert: random weights: %w", err)
	}
	return m, nil
}

// Load reads a model from a folder that transformers' save_pretrained or [Model.Save] wrote: config.json and weights in
// any of the shapes that [safetensors.OpenFolder] knows, converted to float32, onto device d. The pooler is there where
// the file has it. Close frees it.
func Load(dir string, d tensor.Device) (*Model, error) {
	var c Config
	if err := modelconfig.Read(dir, &c); err != nil {
		return nil, fmt.Errorf("bert: %w", err)
	}
	m, err := loadWeights(c, dir, d)
	if err != nil {
		return nil, fmt.Errorf("bert: %s: %w", dir, err)
	}
	return m, nil
}

func loadWeights(c Config, dir string, d tensor.Device) (m *Model, err error) {
	w, err := safetensors.OpenFolder(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	names := w.Names()
	pooler := slices.Contains(names, poolerWeight) || slices.Contains(names, "bert."+poolerWeight)
	if m, err = allocate(c, d, pooler); err != nil {
		return nil, err
	}
	if err := m.parameters.Load(w, aliases); err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// allocate returns a model of configuration c whose parameters are zero.
func allocate(c Config, d tensor.Device, pooler bool) (*Model, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	m := &Model{config: c}
	l := newLayout(c, pooler, &m.weights)
	var err error
	if m.parameters, err = nn.NewParameters(d, l.specs); err != nil {
		return nil, err
	}
	l.fill(m.parameters)
	return m, nil
}

// Save writes model.safetensors and config.json into dir, which is made where it is missing, as transformers'
// save_pretrained does. Each file is replaced whole or not at all; config.json comes last, so that a new folder without
// it is an unfinished one.
func (m *Model) Save(dir string) error {
	config, err := json.MarshalIndent(m.config, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("bert: save: %w", err)
	}
	if err := m.parameters.Save(filepath.Join(dir, "model.safetensors")); err != nil {
		return fmt.Errorf("bert: save: %w", err)
	}
	path := filepath.Join(dir, "config.json")
	if err := renameio.WriteFile(path, append(config, '\n'), 0o644, renameio.WithTempDir(dir)); err != nil {
		return fmt.Errorf("bert: save: %w", err)
	}
	return nil
}

// Config returns the model's configuration.
func (m *Model) Config() Config { return m.config }

// Parameters returns the trainable parameters with their gradients. Weight decay applies to all but biases, norms and the
// pooler, which the hidden states do not depend on.
func (m *Model) Parameters() *nn.Parameters { return m.parameters }

// Close frees the parameters. The model must not be used after it; closing twice is harmless.
func (m *Model) Close() { m.parameters.Close() }
