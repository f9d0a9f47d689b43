package vector_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"paperlab/lib/vector"
)

func TestAnotherModelsVectorsAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, index, model string
		want               error
	}{
		{"the same model", "abc", "abc", nil},
		{"another model", "abc", "abd", vector.ErrModel},
		{"an index that does not know", "", "abc", nil},
		{"vectors of nobody knows whom", "abc", "", nil},
	} {
		if err := (vector.Spec{Dim: 1, Model: c.index}).Check(c.model); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestSpecsThatNoIndexCanMeetAreRefused(t *testing.T) {
	for _, spec := range []vector.Spec{{}, {Dim: -1}, {Dim: vector.MaxDim + 1}, {Dim: 1, Metric: 2}} {
		if spec.Validate() == nil {
			t.Errorf("%+v", spec)
		}
	}
}

func TestWhatIsAddedIsChecked(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for want, c := range map[string]struct {
		ids     []int64
		vectors []float32
	}{
		"3 numbers are no multiple of the dimension 2": {[]int64{0}, make([]float32, 3)},
		"2 ids for 1 vectors":                          {[]int64{0, 1}, make([]float32, 2)},
		"id -1 is negative":                            {[]int64{3, -1}, make([]float32, 4)},
		"id 7 is given twice":                          {[]int64{7, 1, 7}, make([]float32, 6)},
		"component 1 of vector 1 is NaN":               {[]int64{0, 1}, []float32{0, 0, 0, nan}},
		"component 0 of vector 0 is -Inf":              {[]int64{0}, []float32{inf, 0}},
	} {
		if err := (vector.Spec{Dim: 2}).Additions(c.ids, c.vectors); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func ExampleSpec_Check() {
	index := vector.Spec{Dim: 384, Model: "53aa51172d142c89d9012cce15ae4d6c"}
	fmt.Println(index.Check("53aa51172d142c89d9012cce15ae4d6c"))
	fmt.Println(errors.Is(index.Check("0123456789abcdef0123456789abcdef"), vector.ErrModel))
	// Output:
	// <nil>
	// true
}
