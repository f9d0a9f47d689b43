package sentence

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Hash identifies what the model makes of texts: a SHA-256, in hexadecimal, over the parameters' names, shapes and values, how
// tokens become one vector, and how much of a text is read. Vectors of models with equal hashes can be compared.
func (m *Model) Hash() (string, error) {
	values, err := flat(m.Parameters())
	if err != nil {
		return "", fmt.Errorf("sentence: hash: %w", err)
	}
	hash := sha256.New()
	fmt.Fprintf(hash, "%+v %t %t %d\n", m.layout.pooling, m.layout.normalize, m.layout.lowerCase, m.maxLength)
	for _, spec := range m.Parameters().Specs() {
		fmt.Fprintf(hash, "%q %d\n", spec.Name, spec.Shape)
	}
	if err := binary.Write(hash, binary.LittleEndian, values); err != nil {
		return "", fmt.Errorf("sentence: hash: %w", err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
