package sentence_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/npy"
	"paperlab/lib/sentence"
)

// stream is n texts of the tiny model's words, some of which repeat, the same at each call.
func stream(n int) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		random := rand.New(rand.NewPCG(3, 4))
		words := strings.Fields("paper light model energy of the star field theory graph data text")
		for range n {
			text := ""
			for range 1 + random.IntN(12) {
				text += words[random.IntN(len(words))] + " "
			}
			if !yield(text, nil) {
				return
			}
		}
	}
}

func TestAStreamYieldsWhatEncodeReturns(t *testing.T) {
	m := load(t, "testdata/tiny")
	var texts []string
	for text := range stream(2500) {
		texts = append(texts, text)
	}
	var got []float32
	var last int
	for vectors, err := range m.Stream(t.Context(), stream(2500), sentence.Options{Progress: func(done, total int) { last = done - total }}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, vectors...)
	}
	nntest.Near(t, "vectors", got, encode(t, m, texts, sentence.Options{}))
	if last != 2500 {
		t.Errorf("progress ended at %d", last)
	}
}

func TestAStreamReadsAThousandTextsAheadAndNoMore(t *testing.T) {
	m := load(t, "testdata/tiny")
	read, yielded := 0, 0
	counted := func(yield func(string, error) bool) {
		for text, err := range stream(5000) {
			if read++; !yield(text, err) {
				return
			}
		}
	}
	for vectors, err := range m.Stream(t.Context(), counted, sentence.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if yielded += len(vectors) / m.Dim(); read != yielded || len(vectors) > 1024*m.Dim() {
			t.Fatalf("%d texts were read for %d vectors", read, yielded)
		}
	}
	if yielded != 5000 {
		t.Errorf("%d vectors", yielded)
	}
}

func TestAStreamEndsWithTheErrorOfItsTexts(t *testing.T) {
	m, broken := load(t, "testdata/tiny"), errors.New("a broken disk")
	texts := func(yield func(string, error) bool) {
		_ = yield("light", nil) && yield("", broken)
	}
	n := 0
	for vectors, err := range m.Stream(t.Context(), texts, sentence.Options{}) {
		if n++; !errors.Is(err, broken) || vectors != nil {
			t.Errorf("%d values, %v", len(vectors), err)
		}
	}
	if n != 1 {
		t.Errorf("%d yields", n)
	}
}

// encodeTo fills a file to its end, and says of each batch on w that it was computed.
func encodeTo(t testing.TB, path string, texts iter.Seq2[string, error], w io.Writer) error {
	m := load(t, "testdata/tiny")
	o := sentence.Options{BatchSize: 256, Progress: func(done, _ int) { fmt.Fprintln(w, done) }}
	g, err := m.Grow(path, "tiny", o)
	if err != nil {
		return err
	}
	defer g.Close()
	if err := m.EncodeTo(t.Context(), g, texts, o); err != nil {
		return err
	}
	return g.Finish()
}

// soaked is how many texts the process encodes that is killed: enough to be killed several times.
const soaked = 12_000

func TestAKilledProcessGoesOnWhereItStopped(t *testing.T) {
	const variable = "PAPERLAB_TEST_ENCODE"
	if path := os.Getenv(variable); path != "" {
		if err := encodeTo(t, path, stream(soaked), os.Stdout); err != nil {
			t.Fatal(err)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "vectors.npy")
	random := rand.New(rand.NewPCG(5, 6))
	kills, begin := 0, 0
	for ended := false; !ended; {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), variable+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		first, batches, patience := 0, 0, 1+random.IntN(20)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var done int
			if _, err := fmt.Sscan(lines.Text(), &done); err != nil {
				continue
			}
			if batches++; batches == 1 {
				first = done
			}
			if batches == patience {
				_ = cmd.Process.Kill() // it may have ended
			}
		}
		ended = cmd.Wait() == nil
		if first > 0 && first <= begin {
			t.Errorf("it went on at %d, where %d had been written before", first, begin)
		}
		begin = max(begin, first-first%1024)
		if kills++; kills > 100 {
			t.Fatal("it does not get on")
		}
	}
	once := filepath.Join(t.TempDir(), "once.npy")
	if err := encodeTo(t, once, stream(soaked), io.Discard); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(once)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); !bytes.Equal(got, want) || err != nil {
		t.Errorf("after %d kills it is another file (%v)", kills-1, err)
	}
	if kills < 3 {
		t.Errorf("it was killed %d times only", kills-1)
	}
}

func TestAFileIsNotContinuedWithOtherTextsOrAnotherModel(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectors.npy")
	broken := errors.New("a broken disk")
	interrupted := func(yield func(string, error) bool) {
		for text, err := range stream(2000) {
			if !yield(text, err) {
				return
			}
		}
		yield("", broken)
	}
	if err := encodeTo(t, path, interrupted, io.Discard); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path + ".part")
	if err != nil || len(before) != 128+1024*16*4 {
		t.Fatalf("%d bytes, %v", len(before), err)
	}
	m := load(t, "testdata/tiny")
	for name, o := range map[string]struct {
		hash    string
		options sentence.Options
	}{
		"another model":     {"other", sentence.Options{}},
		"another prompt":    {"tiny", sentence.Options{Prompt: "query: "}},
		"another length":    {"tiny", sentence.Options{MaxLength: 7}},
		"another precision": {"tiny", sentence.Options{Precision: 99}},
		"normalised":        {"tiny", sentence.Options{Normalize: true}},
	} {
		if g, err := m.Grow(path, o.hash, o.options); !errors.Is(err, npy.ErrOther) {
			t.Errorf("%s: %v", name, err)
			g.Close()
		}
	}
	reversed := func(yield func(string, error) bool) {
		var texts []string
		for text := range stream(2000) {
			texts = append(texts, text)
		}
		for _, text := range slices.Backward(texts) {
			if !yield(text, nil) {
				return
			}
		}
	}
	for name, texts := range map[string]iter.Seq2[string, error]{"others": reversed, "fewer": stream(1000)} {
		if err := encodeTo(t, path, texts, io.Discard); !errors.Is(err, npy.ErrOther) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, err := os.ReadFile(path + ".part"); !bytes.Equal(before, after) || err != nil {
		t.Errorf("what was written changed (%v)", err)
	}
	if err := encodeTo(t, path, stream(2000), io.Discard); err != nil {
		t.Error(err)
	}
}
