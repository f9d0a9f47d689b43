package nn

import (
	"errors"
	"fmt"
	"slices"
	"unsafe"

	"paperlab/lib/safetensors"
	"paperlab/lib/tensor"
)

// Load copies weights into the parameters, converted to float32. Every parameter must be there under its name, or under
// another that names gives for it, in its shape; weights that no parameter asks for are left out. On an error the
// parameters may be partly loaded.
func (p *Parameters) Load(w *safetensors.Weights, names func(parameter string) []string) error {
	s := tensor.NewScope(p.Device())
	defer s.Close()
	return tensor.NoGrad(func() error {
		for _, spec := range p.specs {
			candidates := []string{spec.Name}
			if names != nil {
				candidates = append(candidates, names(spec.Name)...)
			}
			if err := p.loadOne(s, w, spec, candidates); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *Parameters) loadOne(s *tensor.Scope, w *safetensors.Weights, spec Spec, candidates []string) error {
	for _, name := range candidates {
		info, err := w.Info(name)
		if err != nil {
			continue
		}
		dtype, ok := dtypes[info.DType]
		if !ok {
			return fmt.Errorf("nn: weight %q: %s is not a type of weights (float32, bfloat16, float16)", name, info.DType)
		}
		if !slices.Equal(info.Shape, spec.Shape) {
			return fmt.Errorf("nn: weight %q has shape %v, the model's is %v (another configuration?)", name, info.Shape, spec.Shape)
		}
		data, err := w.Bytes(name)
		if err != nil {
			return err
		}
		c := s.Child()
		defer c.Close()
		c.Copy(p.Get(spec.Name), c.FromBytes(data, dtype, info.Shape...))
		return c.Err()
	}
	return fmt.Errorf("nn: no weight %q in the file (another architecture?)", candidates)
}

var dtypes = map[safetensors.DType]tensor.DType{
	safetensors.F32: tensor.Float32, safetensors.BF16: tensor.BFloat16, safetensors.F16: tensor.Float16, safetensors.F64: tensor.Float64,
}

// Save writes the parameters to a safetensors file, float32, atomically, with the metadata that transformers expects.
func (p *Parameters) Save(path string) error {
	tensors := make([]safetensors.Tensor, 0, len(p.specs))
	for _, spec := range p.specs {
		values, err := p.Get(spec.Name).Float32s()
		if err != nil {
			return fmt.Errorf("nn: save %q: %w", spec.Name, err)
		}
		tensors = append(tensors, safetensors.Tensor{Name: spec.Name, DType: safetensors.F32, Shape: spec.Shape, Data: bytesOf(values)})
	}
	return safetensors.Write(path, tensors, map[string]string{"format": "pt"})
}

// bytesOf views float32 values as the little-endian bytes that they are on amd64.
func bytesOf(values []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), 4*len(values))
}

// Init calls init for every parameter, in order, with a scope for its operations: to draw starting weights.
func (p *Parameters) Init(init func(s *tensor.Scope, spec Spec, value *tensor.Tensor)) error {
	s := tensor.NewScope(p.Device())
	defer s.Close()
	err := tensor.NoGrad(func() error {
		for _, spec := range p.specs {
			init(s, spec, p.Get(spec.Name))
		}
		return nil
	})
	return errors.Join(err, s.Err())
}
