package sentence

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"

	"paperlab/lib/nn"
)

// Hash identifies what the model makes of texts: a SHA-256, in hexadecimal, over the parameters' names, shapes and values, how
// tokens become one vector, and how much of a text is read. Vectors of models with equal hashes can be compared.
func (m *Model) Hash() (string, error) {
	hash := sha256.New()
	p := m.layout.pooling
	fmt.Fprintf(hash, "{CLS:%t Max:%t Mean:%t} %t %t %d\n", p.CLS, p.Max, p.Mean, len(m.head) > 0, m.layout.lowerCase, m.maxLength)
	if prompt := m.layout.prompts.standard(); prompt != "" {
		fmt.Fprintf(hash, "%q %t\n", prompt, p.withoutPrompt)
	}
	if err := hashParameters(hash, m.Parameters()); err != nil {
		return "", err
	}
	for i, layer := range m.head {
		if layer != nil {
			fmt.Fprintf(hash, "%d %+v\n", i, layer.config)
			if err := hashParameters(hash, layer.weights); err != nil {
				return "", err
			}
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func hashParameters(hash hash.Hash, p *nn.Parameters) error {
	values, err := flat(p)
	if err != nil {
		return fmt.Errorf("sentence: hash: %w", err)
	}
	for _, spec := range p.Specs() {
		fmt.Fprintf(hash, "%q %d\n", spec.Name, spec.Shape)
	}
	return binary.Write(hash, binary.LittleEndian, values)
}
