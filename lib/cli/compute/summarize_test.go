package compute_test

import (
	"slices"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
)

type written struct {
	Text    string
	IDs     []int
	Score   float64
	Seconds float64
}

// short makes summaries short enough for a test.
var short = []string{"--max-length", "12", "--min-length", "2", "--num-beams", "2"}

func TestSummarizeWritesOneSummaryAText(t *testing.T) {
	dir := folder(t)
	model := tinyT5(t, dir)
	paper := write(t, dir, "paper.txt", sentences(1, 3)+"\n\n"+sentences(2, 3))
	many := articles(t, dir, 3)
	for name, c := range map[string]struct {
		files []string
		stdin string
		want  int
	}{
		"a file is one text":                        {[]string{paper}, "", 1},
		"each line of standard input is one":        {[]string{"-"}, "light bends\nstars shine", 2},
		"an empty line too":                         {[]string{"-"}, "\n", 1},
		"no input is no text":                       {[]string{"-"}, "", 0},
		"each article of JSON lines is one":         {[]string{many}, "", 3},
		"files follow each other":                   {[]string{paper, "-", paper}, "light\n", 3},
		"invalid bytes and a byte of zero are text": {[]string{"-"}, "\xff\xfe\x00\n", 1},
	} {
		t.Run(name, func(t *testing.T) {
			args := append(append([]string{"summarize", "--model", model, "--json"}, short...), c.files...)
			got := call{stdin: strings.NewReader(c.stdin)}.run(args...)
			if got.exit != 0 || got.err != "" {
				t.Fatal(got.err)
			}
			summaries := decode[written](t, got.out)
			if len(summaries) != c.want {
				t.Fatalf("%d summaries, want %d", len(summaries), c.want)
			}
			for _, s := range summaries {
				// The ids are as transformers returns them: the start token (pad) first.
				if len(s.IDs) < 2 || len(s.IDs) > 12 || s.IDs[0] != 0 || s.Seconds <= 0 {
					t.Errorf("%+v", s)
				}
			}
		})
	}
}

func TestSummarizePrintsTheTextAlone(t *testing.T) {
	model := tinyT5(t, folder(t))
	args := append([]string{"summarize", "--model", model, "-"}, short...)
	text := call{stdin: strings.NewReader("light bends\n")}.run(args...)
	asJSON := call{stdin: strings.NewReader("light bends\n")}.run(append(args, "--json")...)
	if want := decode[written](t, asJSON.out)[0].Text + "\n"; text.out != want || text.err != "" {
		t.Errorf("%q, want %q; %s", text.out, want, text.err)
	}
}

func TestASummaryIsShownAsItIsWritten(t *testing.T) {
	model := tinyT5(t, folder(t))
	args := []string{"summarize", "--model", model, "--max-length", "40", "--min-length", "30", "--num-beams", "1", "-"}
	ask := func(flags ...string) string {
		answer := call{stdin: strings.NewReader("light bends\nstars shine\n")}.run(append(args, flags...)...)
		if answer.exit != 0 || answer.err != "" {
			t.Fatal(answer.err)
		}
		return answer.out
	}
	if whole, streamed := ask(), ask("--stream"); streamed != whole {
		t.Errorf("streamed %q, at once %q", streamed, whole)
	}
	lines := decode[struct {
		written
		Delta string
	}](t, ask("--stream", "--json"))
	deltas, texts, told := 0, "", ""
	for _, line := range lines {
		if line.IDs == nil {
			deltas, told = deltas+1, told+line.Delta
			continue
		}
		if texts += line.Text + "\n"; told != line.Text {
			t.Errorf("the pieces are %q, the summary %q", told, line.Text)
		}
		told = ""
	}
	if want := ask(); texts != want || deltas < 4 {
		t.Errorf("%d pieces, summaries %q, want %q", deltas, texts, want)
	}
}

func TestTheFlagsOfTheSearchReachIt(t *testing.T) {
	model := tinyT5(t, folder(t))
	ids := func(flags ...string) []int {
		args := append([]string{"summarize", "--model", model, "--json", "-"}, flags...)
		return decode[written](t, call{stdin: strings.NewReader("light bends near the sun\n")}.run(args...).out)[0].IDs
	}
	if n := len(ids("--max-length", "7", "--min-length", "7", "--num-beams", "1")); n != 7 {
		t.Errorf("%d ids where 7 are the least and the most", n)
	}
	if n := len(ids("--max-new-tokens", "6", "--min-new-tokens", "6", "--num-beams", "1")); n != 7 {
		t.Errorf("%d ids where 6 new ones are the least and the most", n)
	}
	drawn := ids("--do-sample", "--num-beams", "1", "--seed", "3", "--top-k", "0", "--top-p", "0.9", "--temperature", "1.5")
	if again := ids("--do-sample", "--num-beams", "1", "--seed", "3", "--top-k", "0", "--top-p", "0.9", "--temperature", "1.5"); !slices.Equal(drawn, again) {
		t.Errorf("one seed drew %v, then %v", drawn, again)
	}
	if other := ids("--do-sample", "--num-beams", "1", "--seed", "4", "--top-k", "0"); slices.Equal(drawn, other) {
		t.Errorf("two seeds drew %v", drawn)
	}
	likeliest := ids("--num-beams", "1", "--repetition-penalty", "1")
	if nucleus := ids("--do-sample", "--num-beams", "1", "--repetition-penalty", "1", "--top-p", "0"); !slices.Equal(nucleus, likeliest) {
		t.Errorf("%v drawn of the likeliest token alone, which writes %v", nucleus, likeliest)
	}
	// The study's summaries have 100 ids at least.
	if n := len(ids("--num-beams", "1")); n < 100 || n > 256 {
		t.Errorf("%d ids without flags", n)
	}
}

func TestAPDFAndAnyFileOfPapersAreSummarized(t *testing.T) {
	dir := folder(t)
	model := tinyT5(t, dir)
	page := fpdf.New("P", "mm", "A4", "")
	page.SetFont("Times", "", 10)
	page.AddPage()
	page.MultiCell(85, 5, "light bends near the sun", "", "L", false)
	if err := page.OutputFileAndClose("paper.pdf"); err != nil {
		t.Fatal(err)
	}
	plain := write(t, dir, "paper.txt", "light bends near the sun\n")
	table := write(t, dir, "papers.csv", "article,abstract\nlight bends @xcite near the sun,\n")
	args := append([]string{"summarize", "--model", model, "--json", "--clean-latex", plain, "paper.pdf", table}, short...)
	got := decode[written](t, must(t, args...))
	if len(got) != 3 || !slices.Equal(got[0].IDs, got[1].IDs) || !slices.Equal(got[0].IDs, got[2].IDs) {
		t.Errorf("%+v", got)
	}
}

func TestSeveralSummariesOfATextComeBestFirst(t *testing.T) {
	model := tinyT5(t, folder(t))
	args := append([]string{"summarize", "--model", model, "--json", "-", "--num-return-sequences", "2", "--early-stopping", "never"}, short...)
	answer := call{stdin: strings.NewReader("light bends\n")}.run(args...)
	got := decode[written](t, answer.out)
	if answer.exit != 0 || len(got) != 2 || got[0].Score < got[1].Score || slices.Equal(got[0].IDs, got[1].IDs) {
		t.Errorf("%+v", got)
	}
}

func TestSummarizeSaysWhatIsWrong(t *testing.T) {
	dir := folder(t)
	model, bert := tinyT5(t, dir), tinyBERT(t, dir)
	text := write(t, dir, "text.txt", "light\n")
	pdf, binary := write(t, dir, "paper.pdf", "%PDF-1.5\n..."), write(t, dir, "binary", "a\x00b")
	blank := write(t, dir, "blank.txt", " \n")
	abstracts, garbage := abstracts(t, dir, 1), write(t, dir, "garbage.jsonl", "}{\n")
	empty, array := write(t, dir, "empty.csv", "article,abstract\n"), write(t, dir, "array.json", `[{"article": "light bends"}]`)
	for name, c := range map[string]struct {
		args []string
		exit int
		says []string
	}{
		"a file of nothing":               {[]string{"--model", model, blank}, 1, []string{"blank.txt: it holds no text"}},
		"no file":                         {[]string{"--model", model}, 2, []string{"give one of them"}},
		"no beams":                        {[]string{"--model", model, "--num-beams", "0", text}, 2, []string{"--num-beams", "at least 1"}},
		"a length of nothing":             {[]string{"--model", model, "--max-length", "1", text}, 2, []string{"--max-length", "at least 2"}},
		"a least length above the most":   {[]string{"--model", model, "--max-length", "9", text}, 2, []string{"min_length"}},
		"an unknown stopping":             {[]string{"--model", model, "--early-stopping=soon", text}, 2, []string{"early-stopping", "soon"}},
		"more summaries than beams":       {[]string{"--model", model, "--num-return-sequences", "6", text}, 2, []string{"num_return_sequences", "6 of 5"}},
		"beams as they are written":       {[]string{"--model", model, "--stream", text}, 2, []string{"5 beams", "--num-beams 1"}},
		"a service that streams":          {[]string{"--model", model, "--stream", "--num-beams", "1", "--serve", "127.0.0.1:0"}, 2, []string{"--stream", "--serve"}},
		"no temperature":                  {[]string{"--model", model, "--do-sample", "--temperature", "-1", text}, 2, []string{"temperature"}},
		"a temperature of nothing":        {[]string{"--model", model, "--do-sample", "--temperature", "0", text}, 2, []string{"--temperature 0", "--do-sample"}},
		"a probability above one":         {[]string{"--model", model, "--do-sample", "--top-p", "2", text}, 2, []string{"top_p"}},
		"no penalty":                      {[]string{"--model", model, "--repetition-penalty", "0", text}, 2, []string{"repetition_penalty"}},
		"a negative input":                {[]string{"--model", model, "--max-input", "-1", text}, 2, []string{"--max-input", "at least 0"}},
		"an unknown precision":            {[]string{"--model", model, "--precision", "fp8", text}, 2, []string{`"fp8"`, "bf16"}},
		"a CUDA device that is not there": {[]string{"--model", model, "--device", "cuda:99", text}, 2, []string{"cuda:99"}},
		"a model that is not there":       {[]string{"--model", "./gone", text}, 1, []string{"./gone"}},
		"a model of another kind":         {[]string{"--model", bert, text}, 1, []string{bert, "T5"}},
		"a file that is not there":        {[]string{"--model", model, "gone.txt"}, 1, []string{"gone.txt: no such file"}},
		"a folder in a file's place":      {[]string{"--model", model, dir}, 1, []string{dir, "is a directory"}},
		"a damaged PDF":                   {[]string{"--model", model, pdf}, 1, []string{"paper.pdf: pdf: it is damaged"}},
		"a binary file":                   {[]string{"--model", model, binary}, 1, []string{"binary: not a text"}},
		"papers without articles":         {[]string{"--model", model, abstracts}, 1, []string{abstracts + ": paper 1: it has no article"}},
		"a file without papers":           {[]string{"--model", model, empty}, 1, []string{empty + ": it holds no papers"}},
		"an array of papers":              {[]string{"--model", model, array}, 1, []string{"array.json:1", "jq"}},
		"a line that is no JSON":          {[]string{"--model", model, garbage}, 1, []string{"paperlab: " + garbage + ":1"}},
	} {
		t.Run(name, func(t *testing.T) {
			run(append([]string{"summarize"}, c.args...)...).wantError(t, c.exit, c.says...)
		})
	}
}
