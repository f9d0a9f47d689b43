package mlflow

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"math"
	"slices"
	"strings"
)

// order is one of the fields by which results are sorted.
type order struct {
	field
	descending bool
}

// orders reads the clauses of order_by, such as "metrics.loss DESC".
func (s schema) orders(clauses []string) ([]order, error) {
	var all []order
	for _, text := range clauses {
		tokens, err := scan(text)
		if err != nil {
			return nil, err
		}
		if len(tokens) == 0 || len(tokens) > 2 {
			return nil, invalid("Invalid order_by clause '%s'. Could not be parsed.", text)
		}
		var o order
		if o.field, err = s.field(tokens[0]); err != nil {
			return nil, err
		}
		if len(tokens) == 2 {
			o.descending = strings.EqualFold(tokens[1], "DESC")
			if !o.descending && !strings.EqualFold(tokens[1], "ASC") {
				return nil, invalid("Invalid ordering key in order_by clause '%s'.", text)
			}
		}
		if slices.ContainsFunc(all, func(other order) bool { return other.field == o.field }) {
			return nil, invalid("`order_by` contains duplicate fields: %q", clauses)
		}
		all = append(all, o)
	}
	return all, nil
}

// compareBy compares two things by these orders. What is missing comes last either way, NaN before that.
func compareBy(orders []order, a, b values) int {
	for _, o := range orders {
		x, y := a(o.field), b(o.field)
		if c := cmp.Compare(rank(x), rank(y)); c != 0 {
			return c
		}
		c := 0
		switch x := x.(type) {
		case float64:
			y, _ := y.(float64)
			c = cmp.Compare(x, y)
		case string:
			y, _ := y.(string)
			c = cmp.Compare(x, y)
		}
		if o.descending {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func rank(value any) int {
	number, isNumber := value.(float64)
	switch {
	case value == nil:
		return 2
	case isNumber && math.IsNaN(number):
		return 1
	}
	return 0
}

// pageToken says where the next page begins.
type pageToken struct {
	Offset int `json:"offset"`
}

// page cuts one page out of all results. next is empty on the last.
func page[T any](all []T, token string, size int) (some []T, next string, err error) {
	begin, err := offset(token)
	if err != nil {
		return nil, "", err
	}
	begin = min(begin, len(all))
	end := min(begin+size, len(all))
	return all[begin:end], nextPage(end, end < len(all)), nil
}

func offset(token string) (int, error) {
	if token == "" {
		return 0, nil
	}
	var at pageToken
	text, err := base64.StdEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(text, &at)
	}
	if err != nil || at.Offset < 0 {
		return 0, invalid("Invalid page token '%.100s'", token)
	}
	return at.Offset, nil
}

func nextPage(at int, more bool) string {
	text, err := json.Marshal(pageToken{at})
	if !more || err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(text)
}

// pageSize checks how many results are asked for.
func pageSize(asked *integer, otherwise int) (int, error) {
	const most = 50_000
	switch {
	case asked == nil:
		return otherwise, nil
	case *asked < 1 || *asked > most:
		return 0, invalid("Invalid value %d for parameter 'max_results' supplied. It must be a positive integer of at most %d.", *asked, most)
	}
	return int(*asked), nil
}
