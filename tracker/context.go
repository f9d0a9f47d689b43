package tracker

import (
	"fmt"
	"net/url"
)

// Context tells apart series of one key within a run, such as the ranks of a distributed training. It is empty for most.
// Its text is that of a URL query with sorted names, "dataset=cnn&rank=0", and so equal contexts are equal strings.
type Context string

// NewContext makes the context with these labels. Values may hold any text.
func NewContext(labels map[string]string) Context {
	values := url.Values{}
	for name, value := range labels {
		values.Set(CleanText(name), CleanText(value))
	}
	return Context(values.Encode())
}

// Labels takes the context apart. The error says what is wrong with one that [NewContext] did not make.
func (c Context) Labels() (map[string]string, error) {
	values, err := url.ParseQuery(string(c))
	if err != nil {
		return nil, fmt.Errorf("%w context %q: %w", ErrInvalid, string(c), err)
	}
	labels := make(map[string]string, len(values))
	for name := range values {
		labels[name] = values.Get(name)
	}
	if NewContext(labels) != c {
		return nil, fmt.Errorf("%w context %q: want sorted name=value pairs, as NewContext makes them", ErrInvalid, string(c))
	}
	return labels, nil
}
