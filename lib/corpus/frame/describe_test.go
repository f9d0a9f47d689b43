package frame_test

import "testing"

func TestInfoCountsAndNamesTypes(t *testing.T) {
	f := read(t, `{"s":"x","i":1,"f":1,"b":true,"j":[],"m":1,"n":null}`+"\n"+`{"s":null,"i":2,"f":0.5,"b":false,"j":{},"m":"x"}`)
	info := f.Info()
	checkEqual(t, "column", must[[]string](t)(info.Strings("column")), []string{"s", "i", "f", "b", "j", "m", "n"})
	checkEqual(t, "non-null", must[[]float64](t)(info.Floats("non-null")), []float64{1, 2, 2, 2, 2, 2, 0})
	checkEqual(t, "type", must[[]string](t)(info.Strings("type")),
		[]string{"string", "int64", "float64", "bool", "json", "mixed", "null"})
}

// The figures are what pandas' describe gives.
func TestDescribeNumbers(t *testing.T) {
	described := read(t, `{"f":1.5,"s":"x"}`+"\n"+`{"f":null}`+"\n"+`{"f":2}`).Describe()
	checkEqual(t, "Columns", described.Columns(), []string{"statistic", "f"})
	checkEqual(t, "statistic", must[[]string](t)(described.Strings("statistic")),
		[]string{"count", "mean", "std", "min", "25%", "50%", "75%", "max"})
	checkEqual(t, "f", must[[]float64](t)(described.Floats("f")),
		[]float64{2, 1.75, 0.3535533905932738, 1.5, 1.625, 1.75, 1.875, 2})
}

func TestDescribeTexts(t *testing.T) {
	described := read(t, `{"s":"b","n":null}`+"\n"+`{"s":"a"}`+"\n"+`{"s":"a"}`+"\n"+`{"s":null}`).Describe()
	checkEqual(t, "statistic", must[[]string](t)(described.Strings("statistic")), []string{"count", "unique", "top", "freq"})
	checkEqual(t, "s", must[[]string](t)(described.Strings("s")), []string{"3", "2", "a", "2"})
	checkEqual(t, "n", must[[]string](t)(described.Strings("n")), []string{"0", "0", "", "0"})
}
