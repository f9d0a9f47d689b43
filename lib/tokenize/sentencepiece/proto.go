package sentencepiece

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Numbers of the fields of sentencepiece_model.proto that matter here; others are skipped.
const (
	fieldPieces       = 1
	fieldTrainer      = 2
	fieldNormalizer   = 3
	fieldDenormalizer = 5

	pieceText  = 1
	pieceScore = 2
	pieceType  = 3

	trainerModelType = 3
	trainerVocabSize = 4
	trainerSuffix    = 24 // treat_whitespace_as_suffix
	trainerUnkID     = 40
	trainerBosID     = 41
	trainerEosID     = 42
	trainerPadID     = 43

	normalizerName         = 1
	normalizerCharsmap     = 2
	normalizerPrefix       = 3
	normalizerRemoveSpaces = 4
	normalizerEscape       = 5

	modelTypeUnigram = 1
)

// Wire types of protocol buffers.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

// Parse reads a spiece.model file. Bytes that are no such file are refused, and so are models other than unigram ones,
// and those that write spaces after words or change texts after decoding.
func Parse(b []byte) (*Model, error) {
	m := &Model{AddDummyPrefix: true, RemoveExtraWhitespaces: true, EscapeWhitespaces: true}
	err := eachField(b, func(number int, f field) error {
		switch number {
		case fieldPieces:
			p, err := parsePiece(f.bytes)
			if err != nil {
				return fmt.Errorf("piece %d: %w", len(m.Pieces), err)
			}
			m.Pieces = append(m.Pieces, p)
		case fieldTrainer:
			return checkTrainer(f.bytes)
		case fieldNormalizer:
			return m.parseNormalizer(f.bytes)
		case fieldDenormalizer:
			var d Model
			if err := d.parseNormalizer(f.bytes); err != nil {
				return err
			}
			if len(d.Charsmap) > 0 {
				return errors.New("rules for decoded texts (denormalizer_spec) are not supported")
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("sentencepiece: not a usable model: %w", err)
	}
	if len(m.Pieces) == 0 {
		return nil, errors.New("sentencepiece: not a usable model: no pieces")
	}
	return m, nil
}

func parsePiece(b []byte) (Piece, error) {
	p := Piece{Type: Normal}
	err := eachField(b, func(number int, f field) error {
		switch number {
		case pieceText:
			p.Text = string(f.bytes)
		case pieceScore:
			p.Score = math.Float32frombits(uint32(f.number))
		case pieceType:
			p.Type = PieceType(f.number)
		}
		return nil
	})
	return p, err
}

func checkTrainer(b []byte) error {
	return eachField(b, func(number int, f field) error {
		switch {
		case number == trainerModelType && f.number != modelTypeUnigram:
			return fmt.Errorf("model type %d: only unigram models (type 1) are supported", f.number)
		case number == trainerSuffix && f.number != 0:
			return errors.New("spaces written after words (treat_whitespace_as_suffix) are not supported")
		}
		return nil
	})
}

func (m *Model) parseNormalizer(b []byte) error {
	return eachField(b, func(number int, f field) error {
		switch number {
		case normalizerName:
			m.NormalizerName = string(f.bytes)
		case normalizerCharsmap:
			m.Charsmap = append([]byte(nil), f.bytes...)
		case normalizerPrefix:
			m.AddDummyPrefix = f.number != 0
		case normalizerRemoveSpaces:
			m.RemoveExtraWhitespaces = f.number != 0
		case normalizerEscape:
			m.EscapeWhitespaces = f.number != 0
		}
		return nil
	})
}

// field is the value of a field: number for varints and fixed sizes, bytes for strings and messages.
type field struct {
	number uint64
	bytes  []byte
}

// eachField calls visit for every field of the message b, in order.
func eachField(b []byte, visit func(number int, f field) error) error {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 || key>>3 == 0 || key>>3 > math.MaxInt32 {
			return errors.New("broken field key")
		}
		b = b[n:]
		var f field
		switch wire := key & 7; {
		case wire == wireVarint:
			if f.number, n = binary.Uvarint(b); n <= 0 {
				return errors.New("number is cut off")
			}
		case wire == wireFixed32 && len(b) >= 4:
			f.number, n = uint64(binary.LittleEndian.Uint32(b)), 4
		case wire == wireFixed64 && len(b) >= 8:
			f.number, n = binary.LittleEndian.Uint64(b), 8
		case wire == wireBytes:
			size, head := binary.Uvarint(b)
			if head <= 0 || size > uint64(len(b)-head) {
				return fmt.Errorf("field %d is cut off", key>>3)
			}
			n = head + int(size)
			f.bytes = b[head:n]
		default:
			return fmt.Errorf("field %d is cut off or of an unknown kind", key>>3)
		}
		b = b[n:]
		if err := visit(int(key>>3), f); err != nil {
			return err
		}
	}
	return nil
}

// Marshal returns the bytes of a spiece.model file that sentencepiece loads. The ids of the unknown, end and padding
// symbols are found by the names that T5 gives them: <unk>, </s>, <pad>.
func (m *Model) Marshal() []byte {
	var out []byte
	for _, p := range m.Pieces {
		var b []byte
		b = appendBytes(b, pieceText, []byte(p.Text))
		b = binary.AppendUvarint(b, pieceScore<<3|wireFixed32)
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(p.Score))
		if p.Type != Normal {
			b = appendNumber(b, pieceType, int64(p.Type))
		}
		out = appendBytes(out, fieldPieces, b)
	}

	var trainer []byte
	trainer = appendNumber(trainer, trainerModelType, modelTypeUnigram)
	trainer = appendNumber(trainer, trainerVocabSize, int64(len(m.Pieces)))
	for _, special := range []struct {
		field int
		text  string
	}{{trainerUnkID, "<unk>"}, {trainerBosID, "<s>"}, {trainerEosID, "</s>"}, {trainerPadID, "<pad>"}} {
		id, ok := m.ID(special.text)
		if !ok {
			id = -1
		}
		trainer = appendNumber(trainer, special.field, int64(id))
	}
	out = appendBytes(out, fieldTrainer, trainer)

	var normalizer []byte
	normalizer = appendBytes(normalizer, normalizerName, []byte(m.NormalizerName))
	normalizer = appendBytes(normalizer, normalizerCharsmap, m.Charsmap)
	normalizer = appendBool(normalizer, normalizerPrefix, m.AddDummyPrefix)
	normalizer = appendBool(normalizer, normalizerRemoveSpaces, m.RemoveExtraWhitespaces)
	normalizer = appendBool(normalizer, normalizerEscape, m.EscapeWhitespaces)
	return appendBytes(out, fieldNormalizer, normalizer)
}

func appendNumber(b []byte, number int, v int64) []byte {
	b = binary.AppendUvarint(b, uint64(number)<<3|wireVarint)
	return binary.AppendUvarint(b, uint64(v))
}

func appendBool(b []byte, number int, v bool) []byte {
	if v {
		return appendNumber(b, number, 1)
	}
	return appendNumber(b, number, 0)
}

func appendBytes(b []byte, number int, v []byte) []byte {
	b = binary.AppendUvarint(b, uint64(number)<<3|wireBytes)
	b = binary.AppendUvarint(b, uint64(len(v)))
	return append(b, v...)
}
