//go:build ignore

package sql

import "database/sql/driver"

type Null[T any] struct {
	V     T
	Valid bool
}

func (n *Null[T]) Scan(value any) error {
	var zero T
	n.V, n.Valid = zero, value != nil
	if !n.Valid {
		return nil
	}
	return convertAssign(&n.V, value)
}

func (n Null[T]) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return driver.DefaultParameterConverter.ConvertValue(n.V)
}

func convertAssign(dest, src any) error
