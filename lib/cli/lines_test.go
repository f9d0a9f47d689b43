package cli_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/cli"
)

func texts(t *testing.T, input string) []string {
	t.Helper()
	var got []string
	err := cli.Texts(context.Background(), strings.NewReader(input), func(text string) error {
		got = append(got, text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTextsAreTheLinesOfTheInput(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		input string
		want  []string
	}{
		"nothing is no line":                   {"", nil},
		"an empty line is an empty text":       {"\n\na\n", []string{"", "", "a"}},
		"the last line needs no break":         {"a\nb", []string{"a", "b"}},
		"a carriage return belongs to a break": {"a\r\nb\r\n", []string{"a", "b"}},
		"a line may be long":                   {long + "\n" + long, []string{long, long}},
		"invalid bytes become U+FFFD one each": {"a\xff\xfeb\n\xe2\x82\n", []string{"a\ufffd\ufffdb", "\ufffd\ufffd"}},
		"a byte of zero is kept":               {"a\x00b\n", []string{"a\x00b"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := texts(t, c.input); !slices.Equal(got, c.want) {
				t.Errorf("%.80q, want %.80q", got, c.want)
			}
		})
	}
}

func TestAnErrorNamesItsLine(t *testing.T) {
	broken := errors.New("broken")
	err := cli.Texts(context.Background(), strings.NewReader("a\nb\nc\n"), func(text string) error {
		if text == "b" {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "line 2: ") {
		t.Errorf("%v, want that line 2 is broken", err)
	}
}

func TestAReadErrorComesBehindTheLinesBeforeIt(t *testing.T) {
	broken := errors.New("the disk is gone")
	var got []string
	err := cli.Texts(context.Background(), io.MultiReader(strings.NewReader("a\nhalf"), failing{broken}), func(text string) error {
		got = append(got, text)
		return nil
	})
	if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "line 2: ") || !slices.Equal(got, []string{"a"}) {
		t.Errorf("%q and %v, want a, then line 2's error", got, err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestBatchesKeepOrderAndSize(t *testing.T) {
	input := strings.Repeat("line\n", 100)
	var total int
	err := cli.Batches(context.Background(), strings.NewReader(input), 7, func(texts []string) error {
		if len(texts) < 1 || len(texts) > 7 {
			t.Errorf("a batch of %d", len(texts))
		}
		total += len(texts)
		return nil
	})
	if err != nil || total != 100 {
		t.Errorf("%d lines, %v", total, err)
	}
}

func TestALineIsAnsweredBeforeTheNextIsWritten(t *testing.T) {
	in, asker := io.Pipe()
	answers, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- cli.Batches(context.Background(), in, 32, func(texts []string) error {
			_, err := io.WriteString(out, strings.Join(texts, "|")+"!\n")
			return err
		})
	}()
	replies := bufio.NewReader(answers)
	for _, question := range []string{"one", "two", "three"} {
		if _, err := io.WriteString(asker, question+"\n"); err != nil {
			t.Fatal(err)
		}
		if reply, err := replies.ReadString('\n'); err != nil || reply != question+"!\n" {
			t.Fatalf("%q was answered %q, %v", question, reply, err)
		}
	}
	asker.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAnInterruptEndsTheWaitForALine(t *testing.T) {
	ctx, interrupt := context.WithCancel(context.Background())
	in, asker := io.Pipe()
	defer asker.Close()
	ended := make(chan error, 1)
	go func() { ended <- cli.Texts(ctx, in, func(string) error { return nil }) }()
	interrupt()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

func FuzzTextsLoseNoLine(f *testing.F) {
	f.Add("a\nb\r\n\xff\n\n", uint8(3))
	f.Fuzz(func(t *testing.T, input string, size uint8) {
		var got []string
		err := cli.Batches(context.Background(), strings.NewReader(input), 1+int(size), func(texts []string) error {
			got = append(got, texts...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Split(input, "\n")
		if want[len(want)-1] == "" {
			want = want[:len(want)-1]
		}
		for i := range want {
			want[i] = cli.ValidText(strings.TrimSuffix(want[i], "\r"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func BenchmarkTexts(b *testing.B) {
	input := strings.Repeat("Attention is all you need, and a line of some length to read.\n", 1000)
	b.SetBytes(int64(len(input)))
	for b.Loop() {
		if err := cli.Texts(context.Background(), strings.NewReader(input), func(string) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
