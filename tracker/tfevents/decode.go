package tfevents

import (
	"math"
	"strconv"
	"strings"
	"time"

	"paperlab/tracker"
)

// tags remembers what the first value of each tag said about those that follow: writers give the plugin only once.
type tags map[string]*tag

type tag struct{ name, plugin string }

// decoder turns messages into events.
type decoder struct{ tags tags }

func (d decoder) event(data []byte) (e Event, err error) {
	e.Time = wallTime(0)
	err = eachField(data, func(f field) error {
		switch f.key {
		case 1<<3 | fixed64:
			e.Time = wallTime(f.double())
		case 2<<3 | varint:
			e.Step = int64(f.number)
		case 3<<3 | bytes:
			e.Version = string(f.data)
		case 5<<3 | bytes:
			return d.summary(f.data, &e)
		}
		return nil
	})
	return e, err
}

// wallTime turns seconds since 1970 into a time. A float64 holds them to less than a microsecond.
func wallTime(seconds float64) time.Time {
	const farthest = 250_000_000_000 // in the year 9892
	if !(math.Abs(seconds) < farthest) {
		seconds = 0
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), 0).Add(time.Duration(math.Round(part*1e6)) * time.Microsecond).UTC()
}

// seconds is the opposite of wallTime; the zero time gives 0.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMicro()) / 1e6
}

func (d decoder) summary(data []byte, e *Event) error {
	return eachField(data, func(f field) error {
		if f.key != 1<<3|bytes {
			return nil
		}
		return d.value(f.data, e)
	})
}

// value adds one value of a summary to the event. A tensor of several images gives as many values.
func (d decoder) value(data []byte, e *Event) error {
	var name, plugin, content, tensorData []byte
	var value Value
	err := eachField(data, func(f field) (err error) {
		switch f.key {
		case 1<<3 | bytes:
			name = f.data
		case 2<<3 | fixed32:
			value.Data = Scalar(widen(f.float()))
		case 4<<3 | bytes:
			value.Data, err = decodeImage(f.data)
		case 5<<3 | bytes:
			value.Data, err = decodeHistogram(f.data)
		case 8<<3 | bytes:
			tensorData = f.data
		case 9<<3 | bytes:
			plugin, content, err = pluginData(f.data)
		}
		return err
	})
	if err != nil {
		return err
	}
	tag := d.remember(name, plugin)
	value.Tag, value.Plugin = tag.name, tag.plugin
	switch {
	case value.Data != nil:
	case value.Plugin == "hparams":
		if value.Data, err = decodeHParams(content); err != nil {
			return err
		}
	case tensorData != nil:
		t, err := decodeTensor(tensorData)
		if err != nil {
			return err
		}
		e.Values = append(e.Values, interpret(value, t)...)
		return nil
	}
	e.Values = append(e.Values, value)
	return nil
}

// remember looks up the tag, noting the plugin if this value names one.
func (d decoder) remember(name, plugin []byte) *tag {
	known := d.tags[string(name)]
	if known == nil {
		known = &tag{name: tracker.CleanText(string(name))}
		d.tags[string(name)] = known
	}
	if plugin != nil {
		known.plugin = string(plugin)
	}
	return known
}

// pluginData finds the plugin's name and what it keeps in the metadata of a value.
func pluginData(metadata []byte) (name, content []byte, err error) {
	err = eachField(metadata, func(f field) error {
		if f.key != 1<<3|bytes {
			return nil
		}
		return eachField(f.data, func(f field) error {
			switch f.key {
			case 1<<3 | bytes:
				name = f.data
			case 2<<3 | bytes:
				content = f.data
			}
			return nil
		})
	})
	return name, content, err
}

// widen gives the number that a person reads in a float32: 0.1, not 0.10000000149.
func widen(v float32) float64 {
	wide := float64(v)
	if math.IsNaN(wide) || math.IsInf(wide, 0) || wide == math.Trunc(wide) && math.Abs(wide) < 1<<24 {
		return wide
	}
	var digits [32]byte
	decimal, err := strconv.ParseFloat(string(strconv.AppendFloat(digits[:0], wide, 'g', -1, 32)), 64)
	if err != nil {
		return wide
	}
	return decimal
}

// interpret says what a tensor means to the plugin that shows it.
func interpret(value Value, t tensor) []Value {
	switch {
	case value.Plugin == "text" || value.Plugin == "" && t.kind == typeString:
		value.Data = Text(tracker.CleanText(strings.Join(t.strings, "\n")))
	case value.Plugin == "images" && len(t.strings) >= 2:
		return images(value, t.strings)
	case value.Plugin == "histograms":
		if h, ok := bucketHistogram(t); ok {
			value.Data = h
		}
	case (value.Plugin == "scalars" || value.Plugin == "") && len(t.numbers) == 1:
		value.Data = Scalar(t.numbers[0])
	}
	return []Value{value}
}

// images are the contents behind two texts, the width and the height.
func images(value Value, parts []string) []Value {
	width, err1 := strconv.Atoi(parts[0])
	height, err2 := strconv.Atoi(parts[1])
	if err1 != nil || err2 != nil {
		return []Value{value}
	}
	values := make([]Value, 0, len(parts)-2)
	for _, content := range parts[2:] {
		value.Data = Image{Width: width, Height: height, Content: []byte(content)}
		values = append(values, value)
	}
	return values
}

func decodeImage(data []byte) (image Image, err error) {
	err = eachField(data, func(f field) error {
		switch f.key {
		case 1<<3 | varint:
			image.Height = int(int32(f.number))
		case 2<<3 | varint:
			image.Width = int(int32(f.number))
		case 4<<3 | bytes:
			image.Content = append([]byte(nil), f.data...)
		}
		return nil
	})
	return image, err
}
