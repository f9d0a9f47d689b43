package display

import "fmt"

// Text writes any value as fmt.Print does.
func Text(v any) string { return fmt.Sprint(v) }
