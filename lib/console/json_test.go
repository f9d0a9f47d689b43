package console_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"paperlab/lib/console"
)

func line(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	if err := console.JSON(&b, v); err != nil {
		t.Fatalf("%#v: %v", v, err)
	}
	return b.String()
}

type score struct {
	Zulu  float64 `json:"zulu"`
	Alpha float32 `json:"alpha,omitempty"`
	Named ratio
	Mike  []float64          `json:"mike"`
	Pair  [2]float64         `json:"pair"`
	Each  map[string]float64 `json:"each"`
	Any   any                `json:"any"`
	Next  *score             `json:"next,omitempty"`
}

type ratio float64

func TestJSONWritesNumbersThatJSONLacksAsStrings(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		v    any
		want string
	}{
		"NaN":           {nan, `"NaN"`},
		"infinity":      {inf, `"Infinity"`},
		"minus":         {-inf, `"-Infinity"`},
		"float32":       {float32(inf), `"Infinity"`},
		"a named float": {ratio(nan), `"NaN"`},
		"a pointer":     {&nan, `"NaN"`},
		"lists":         {[][]float64{{1, nan}, nil, {}}, `[[1,"NaN"],null,[]]`},
		"maps in order": {map[string]any{"b": nan, "a b": 1, "a": "<&>", "c": nil}, `{"a":"<&>","a b":1,"b":"NaN","c":null}`},
		"other keys":    {map[int]float64{2: nan, 10: 1}, `{"10":1,"2":"NaN"}`},
		"a struct, its fields in their order": {
			score{Zulu: nan, Alpha: float32(-inf), Named: ratio(inf), Mike: []float64{0.1, nan}, Pair: [2]float64{inf, 1e21},
				Each: map[string]float64{"r": nan}, Any: []any{inf, "x", 1e-7}, Next: &score{Alpha: 0.1}},
			`{"zulu":"NaN","alpha":"-Infinity","Named":"Infinity","mike":[0.1,"NaN"],"pair":["Infinity",1e+21],` +
				`"each":{"r":"NaN"},"any":["Infinity","x",1e-7],` +
				`"next":{"zulu":0,"alpha":0.1,"Named":0,"mike":null,"pair":[0,0],"each":null,"any":null}}`,
		},
	} {
		if got := line(t, c.v); got != c.want+"\n" {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

type base struct {
	ID     string `json:"id"`
	Shadow int
}

type tagged struct{ X float64 }

// every exercises what encoding/json can do with a struct.
type every struct {
	base
	*tagged `json:"tagged"`
	*score
	Shadow   string
	Hidden   int `json:"-"`
	Dash     int `json:"-,"`
	private  int
	Quoted   int64           `json:",string"`
	QuotedF  float64         `json:"quoted_f,string"`
	Bytes    []byte          `json:"bytes"`
	Time     time.Time       `json:"time,omitzero"`
	Set      time.Time       `json:"set,omitzero"`
	Level    level           `json:"level"`
	Levels   map[level]int   `json:"levels"`
	Raw      json.RawMessage `json:"raw"`
	Number   json.Number     `json:"number"`
	Empty    []int           `json:"empty,omitempty"`
	EmptyMap map[string]int  `json:"empty_map,omitempty"`
	Nil      *int            `json:"nil,omitempty"`
	NilError error           `json:"nil_error"`
	Text     string          `json:"text"`
	Probe    float64         `json:"probe"`
}

type level int

func (l level) MarshalText() ([]byte, error) { return []byte(strings.Repeat("*", int(l))), nil }

// What is written beside a NaN is what encoding/json writes beside a number.
func TestJSONDiffersFromEncodingJSONInThoseNumbersOnly(t *testing.T) {
	v := every{
		base: base{ID: "01", Shadow: 7}, tagged: &tagged{X: 2}, score: &score{Zulu: 3}, Shadow: "own", Hidden: 1, Dash: 2, private: 3,
		Quoted: 4, QuotedF: 0.5, Bytes: []byte{0xff, 1}, Set: time.Unix(0, 0).UTC(), Level: 3, Levels: map[level]int{2: 5, 1: 6},
		Raw: json.RawMessage(`{"a": [1]}`), Number: "12.50", Text: "<é\u2028\xff\x00>",
	}
	v.Probe = 424242
	want := strings.Replace(line(t, v), "424242", `"NaN"`, 1)
	v.Probe = math.NaN()
	if got := line(t, v); got != want {
		t.Errorf("with NaN:\n%swith a number:\n%s", got, want)
	}
	v.tagged, v.score = nil, nil
	v.Probe = 424242
	want = strings.Replace(line(t, v), "424242", `"NaN"`, 1)
	v.Probe = math.NaN()
	if got := line(t, v); got != want {
		t.Errorf("embedded pointers nil, with NaN:\n%swith a number:\n%s", got, want)
	}
}

func TestJSONRefusesWhatItCannotWrite(t *testing.T) {
	type ring struct {
		X    float64
		Next *ring
	}
	loop := &ring{X: math.NaN()}
	loop.Next = loop
	for name, v := range map[string]any{
		"a function":              func() {},
		"a channel beside NaN":    []any{math.NaN(), make(chan int)},
		"a ring":                  loop,
		"a map that holds itself": func() any { m := map[string]any{}; m["m"] = m; return m }(),
	} {
		var b bytes.Buffer
		if err := console.JSON(&b, v); err == nil || b.Len() > 0 {
			t.Errorf("%s: error %v, written %q", name, err, b.String())
		}
	}
}

func TestJSONWritesALineInOneCall(t *testing.T) {
	var calls counting
	for _, v := range []any{1, []float64{math.NaN()}} {
		if err := console.JSON(&calls, v); err != nil {
			t.Fatal(err)
		}
	}
	if calls != 2 {
		t.Errorf("%d calls of Write for 2 lines", calls)
	}
}

type counting int

func (c *counting) Write(p []byte) (int, error) { *c++; return len(p), nil }

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1,2.5e300,null,{"b":"\u2028<"}],"c":true}`), "key")
	f.Add([]byte(`"\ud800"`), "a\xffb\"")
	f.Fuzz(func(t *testing.T, content []byte, key string) {
		var v any
		if json.Unmarshal(content, &v) != nil || bytes.Count(content, []byte("["))+bytes.Count(content, []byte("{")) > 900 {
			return
		}
		const probe = 123456789.125
		number := line(t, []any{map[string]any{key: v}, probe})
		nan := line(t, []any{map[string]any{key: v}, math.NaN()})
		at := strings.LastIndex(number, "1.23456789125e+08")
		if at < 0 {
			at = strings.LastIndex(number, "123456789.125")
		}
		if want := number[:at] + `"NaN"]` + "\n"; nan != want {
			t.Errorf("with NaN:\n%swith a number:\n%s", nan, want)
		}
	})
}

func BenchmarkJSON(b *testing.B) {
	v := make([]float64, 384)
	for i := range v {
		v[i] = 1 / float64(i+3)
	}
	var out bytes.Buffer
	for name, last := range map[string]float64{"finite": 1, "NaN": math.NaN()} {
		b.Run(name, func(b *testing.B) {
			v[383] = last
			for b.Loop() {
				out.Reset()
				if err := console.JSON(&out, v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
