package t5

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"paperlab/lib/hub/modelconfig"
	"paperlab/lib/nn"
	"paperlab/lib/safetensors"
	"paperlab/lib/tensor"
)

// Model is a T5 with its parameters on one device. Several goroutines may compute with it at once, each with scopes of its
// own, as long as none trains it or closes it.
type Model struct {
	// Checkpointing lets a backward pass compute again what each block computed, which is not kept meanwhile (gradient checkpointing): less
	// memory for about a third more time, and the same gradients. To be set before training.
	Checkpointing bool

	config     Config
	parameters *nn.Parameters
	weights    weights
	generation []byte // the generation_config.json that it was loaded with, nil for none
}

// New returns a model of configuration c with random weights on device d, drawn from the distributions of transformers'
// T5PreTrainedModel._init_weights by a generator of its own: equal seeds give equal weights on every device, and
// the process's generator is left alone. Close frees it.
func New(c Config, d tensor.Device, seed int64) (*Model, error) {
	m, l, err := allocate(c, d)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(uint64(seed), 0))
	err = m.parameters.Init(func(s *tensor.Scope, spec nn.Spec, value *tensor.Tensor) {
		values := make([]float32, value.Len())
		start := l.starts[spec.Name]
		for i := range values {
			values[i] = float32(c.InitializerFactor * (start.mean + start.deviation*rng.NormFloat64()))
		}
		drawn := s.Child()
		drawn.Copy(value, drawn.FromFloat32s(values, spec.Shape...))
		s.Adopt(drawn)
	})
	if err != nil {
		m.Close()
		return nil, fmt.Errorf("t5: random weights: %w", err)
	}
	return m, nil
}

// Load reads a model from a folder that transformers' save_pretrained or [Model.Save] wrote: config.json and weights in
// any of the shapes that [safetensors.OpenFolder] knows, converted to float32, onto device d. Close frees it.
func Load(dir string, d tensor.Device) (*Model, error) {
	var c Config
	if err := modelconfig.Read(dir, &c); err != nil {
		return nil, fmt.Errorf("t5: %w", err)
	}
	generation, err := os.ReadFile(filepath.Join(dir, "generation_config.json"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("t5: %w", err)
	}
	m, _, err := allocate(c, d)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	m.generation = generation
	if err := m.readWeights(dir); err != nil {
		m.Close()
		return nil, fmt.Errorf("t5: %s: %w", dir, err)
	}
	return m, nil
}

func (m *Model) readWeights(dir string) (err error) {
	w, err := safetensors.OpenFolder(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	return m.parameters.Load(w, func(parameter string) []string {
		if parameter != "shared.weight" {
			return nil
		}
		// One tensor under several names: which of them a file has depends on who wrote it.
		aliases := []string{"encoder.embed_tokens.weight", "decoder.embed_tokens.weight"}
		if m.config.TieWordEmbeddings {
			aliases = append(aliases, "lm_head.weight")
		}
		return aliases
	})
}

// allocate returns a model of configuration c whose parameters are zero.
func allocate(c Config, d tensor.Device) (*Model, *layout, error) {
	if err := c.Validate(); err != nil {
		return nil, nil, err
	}
	m := &Model{config: c}
	l := newLayout(c, &m.weights)
	var err error
	if m.parameters, err = nn.NewParameters(d, l.specs); err != nil {
		return nil, nil, fmt.Errorf("t5: %w", err)
	}
	l.fill(m.parameters, &m.weights)
	return m, l, nil
}

// Save writes model.safetensors, config.json and generation_config.json into dir, which is made where it is missing, as
// transformers' save_pretrained does. Each file is replaced whole or not at all; config.json comes last, so that a
// new folder without it is an unfinished one.
func (m *Model) Save(dir string) error {
	config, err := json.MarshalIndent(m.config, "", "  ")
	if err != nil {
		return err
	}
	generation := m.generation
	if generation == nil {
		if generation, err = m.config.generation(); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("t5: save: %w", err)
	}
	if err := m.parameters.Save(filepath.Join(dir, "model.safetensors")); err != nil {
		return fmt.Errorf("t5: save: %w", err)
	}
	if err := writeFile(filepath.Join(dir, "generation_config.json"), generation); err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "config.json"), append(config, '\n'))
}

// generation returns the generation_config.json that transformers derives from a model's configuration.
func (c Config) generation() ([]byte, error) {
	data, err := json.MarshalIndent(map[string]any{
		"_from_model_config": true, "decoder_start_token_id": c.DecoderStartTokenID, "eos_token_id": c.EOSTokenID,
		"pad_token_id": c.PadTokenID, "transformers_version": modelconfig.PeerVersion,
	}, "", "  ")
	return append(data, '\n'), err
}

// writeFile replaces a file in one step.
func writeFile(path string, data []byte) error {
	if err := renameio.WriteFile(path, data, 0o644, renameio.WithTempDir(filepath.Dir(path))); err != nil {
		return fmt.Errorf("t5: save: %w", err)
	}
	return nil
}

// Config returns the model's configuration.
func (m *Model) Config() Config { return m.config }

// Parameters returns the trainable parameters with their gradients: weight decay applies to all but norms and position
// biases, as in transformers' Trainer.get_decay_parameter_names.
func (m *Model) Parameters() *nn.Parameters { return m.parameters }

// Close frees the parameters. The model must not be used after it; closing twice is harmless.
func (m *Model) Close() { m.parameters.Close() }
