package sentence

import (
	"errors"
	"fmt"
	"path/filepath"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// head is what is done to pooled hidden states, in order: dense layers and normalisations.
type head []*dense // nil: a normalisation

// loadHead reads the modules of a folder that come after the pooling, whose vectors have a width.
func loadHead(dir string, modules []module, width int64, d tensor.Device) (h head, err error) {
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	for _, m := range modules {
		if m.Type == normalizeType {
			h = append(h, nil)
			continue
		}
		layer, err := loadDense(filepath.Join(dir, m.Path), width, d)
		if err != nil {
			return h, err
		}
		h, width = append(h, layer), layer.config.Out
	}
	return h, nil
}

// modules are the entries of modules.json about the head, the first of which is module number n.
func (h head) modules(n int) (modules []module) {
	for i, layer := range h {
		kind, name := normalizeType, "Normalize"
		if layer != nil {
			kind, name = denseType, "Dense"
		}
		modules = append(modules, module{n + i, fmt.Sprint(n + i), fmt.Sprintf("%d_%s", n+i, name), kind})
	}
	return modules
}

// save writes the layers' folders; modules says where.
func (h head) save(dir string, modules []module) error {
	for i, layer := range h {
		if layer == nil {
			continue
		}
		if err := layer.save(filepath.Join(dir, modules[i].Path)); err != nil {
			return err
		}
	}
	return nil
}

// width is the number of components of a vector, where the pooling's have so many.
func (h head) width(pooled int) int {
	for _, layer := range h {
		if layer != nil {
			pooled = int(layer.config.Out)
		}
	}
	return pooled
}

// layers are the dense ones.
func (h head) layers() (layers []*dense) {
	for _, layer := range h {
		if layer != nil {
			layers = append(layers, layer)
		}
	}
	return layers
}

// apply makes vectors [batch, Dim] of pooled hidden states. A training would leave the dense layers as they are, so there is none.
func (h head) apply(s *tensor.Scope, pooled *tensor.Tensor) *tensor.Tensor {
	for _, layer := range h {
		switch {
		case layer == nil:
			pooled = nn.Normalize(s, pooled)
		case s.Training:
			s.Fail(errors.New("sentence: a model with a dense layer can embed, but not be trained"))
			return pooled
		default:
			pooled = layer.forward(s, pooled)
		}
	}
	return pooled
}

func (h head) close() {
	for _, layer := range h.layers() {
		layer.weights.Close()
	}
}
