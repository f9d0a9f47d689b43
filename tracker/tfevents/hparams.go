package tfevents

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"paperlab/tracker"
)

// The tags of the HParams plugin, from its metadata.py.
const (
	tagExperiment   = "_hparams_/experiment"
	tagSessionStart = "_hparams_/session_start_info"
	tagSessionEnd   = "_hparams_/session_end_info"
)

// decodeHParams reads what the plugin keeps in the metadata of a value: HParams, End, or nil for a description of the
// whole experiment, which repeats what the runs say.
func decodeHParams(content []byte) (data any, err error) {
	err = eachField(content, func(f field) (err error) {
		switch f.key {
		case 3<<3 | bytes:
			data, err = decodeSessionStart(f.data)
		case 4<<3 | bytes:
			data, err = decodeSessionEnd(f.data)
		}
		return err
	})
	return data, err
}

func decodeSessionStart(data []byte) (h HParams, err error) {
	h.Params = map[string]any{}
	err = eachField(data, func(f field) error {
		switch f.key {
		case 1<<3 | bytes:
			key, value, err := decodeEntry(f.data, maxDepth)
			h.Params[key] = value
			return err
		case 4<<3 | bytes:
			h.Group = tracker.CleanText(string(f.data))
		case 5<<3 | fixed64:
			h.Started = known(f.double())
		}
		return nil
	})
	return h, err
}

func decodeSessionEnd(data []byte) (e End, err error) {
	err = eachField(data, func(f field) error {
		switch f.key {
		case 1<<3 | varint:
			e.Status = Status(f.number)
		case 2<<3 | fixed64:
			e.Ended = known(f.double())
		}
		return nil
	})
	return e, err
}

// known reads a time of which 0 says that it is not known.
func known(seconds float64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return wallTime(seconds)
}

// maxDepth is how deep lists and objects may lie in one another.
const maxDepth = 32

// decodeEntry reads a pair of a map from names to google.protobuf.Value.
func decodeEntry(data []byte, depth int) (key string, value any, err error) {
	err = eachField(data, func(f field) (err error) {
		switch f.key {
		case 1<<3 | bytes:
			key = tracker.CleanText(string(f.data))
		case 2<<3 | bytes:
			value, err = decodeValue(f.data, depth)
		}
		return err
	})
	return key, value, err
}

func decodeValue(data []byte, depth int) (value any, err error) {
	if depth == 0 {
		return nil, fmt.Errorf("%w hyperparameter: lists and objects more than %d deep", tracker.ErrInvalid, maxDepth)
	}
	err = eachField(data, func(f field) error {
		switch f.key {
		case 2<<3 | fixed64:
			value = f.double()
		case 3<<3 | bytes:
			value = tracker.CleanText(string(f.data))
		case 4<<3 | varint:
			value = f.number != 0
		case 5<<3 | bytes:
			object := map[string]any{}
			value = object
			return eachField(f.data, func(f field) error {
				key, member, err := decodeEntry(f.data, depth-1)
				object[key] = member
				return err
			})
		case 6<<3 | bytes:
			list := []any{}
			err := eachField(f.data, func(f field) error {
				element, err := decodeValue(f.data, depth-1)
				list = append(list, element)
				return err
			})
			value = list
			return err
		}
		return nil
	})
	return value, err
}

// The types of hyperparameters in a description of an experiment.
const (
	kindString = 1
	kindBool   = 2
	kindNumber = 3
)

// encodeParam gives a google.protobuf.Value and its type. What the HParams tab cannot show as it is becomes text: lists,
// objects, and numbers that are none.
func encodeParam(value any) (message, uint64) {
	switch v := value.(type) {
	case bool:
		bit := uint64(0)
		if v {
			bit = 1
		}
		return message(nil).uint(4, bit), kindBool
	case int64:
		return message(nil).double(2, float64(v)), kindNumber
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			return message(nil).double(2, v), kindNumber
		}
	case string:
		return message(nil).text(3, v), kindString
	}
	text, err := json.Marshal(value)
	if err != nil {
		text = fmt.Append(nil, value)
	}
	return message(nil).text(3, string(text)), kindString
}

// encodeExperiment describes hyperparameters and metrics, so that the HParams tab has columns for them.
func encodeExperiment(h HParams, metrics []string) message {
	experiment := message(nil).double(3, seconds(h.Started))
	for _, key := range slices.Sorted(maps.Keys(h.Params)) {
		_, kind := encodeParam(h.Params[key])
		experiment = experiment.sub(4, message(nil).text(1, key).uint(4, kind))
	}
	for _, tag := range metrics {
		experiment = experiment.sub(5, message(nil).sub(1, message(nil).text(2, tag)))
	}
	return message(nil).sub(2, experiment)
}

func encodeSessionStart(h HParams) message {
	session := message(nil)
	for _, key := range slices.Sorted(maps.Keys(h.Params)) {
		value, _ := encodeParam(h.Params[key])
		session = session.sub(1, message(nil).text(1, key).sub(2, value))
	}
	if h.Group != "" {
		session = session.text(4, h.Group)
	}
	return message(nil).sub(3, session.double(5, seconds(h.Started)))
}

func encodeSessionEnd(status Status, ended time.Time) message {
	return message(nil).sub(4, message(nil).uint(1, uint64(status)).double(2, seconds(ended)))
}
