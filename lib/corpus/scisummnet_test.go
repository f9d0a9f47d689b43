package corpus_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"paperlab/lib/corpus"
)

const (
	parsing = `<PAPER>
  <S sid="0">A Novel Parser</S>
  <ABSTRACT>
    <S sid="1" ssid="1">We parse.</S>
    <S sid="2" ssid="2">It is &amp;quot;fast&amp;quot; &#8212; and exact.</S>
  </ABSTRACT>
  <SECTION title="1 Q &amp;amp; A" number="1">
    <S sid="3" ssid="1">Parsers are slow.</S>
    <S sid="4" ssid="2"> Is x &amp;lt; y? </S>
  </SECTION>
  <SECTION title="2 Method" number="2"><S sid="5" ssid="1">Ours is not.</S><S sid="6" ssid="2"></S></SECTION>
</PAPER>`
	withoutAbstract = "<PAPER><S sid=\"0\">Tagging</S><SECTION title=\"1\" number=\"1\"><S>We tag\xff.</S></SECTION></PAPER>"
	humans          = "Tagging\nWords get their tags.\n\nTheir context helps.\n"
)

// sciSummNet writes papers of the release's layout, by the names of their files, into a folder.
func sciSummNet(t *testing.T, files map[string]string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, content := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestSciSummNetIsReadAsDistributed(t *testing.T) {
	for layout, files := range map[string]map[string]string{
		"release": {
			"top1000_complete/A00-2/Documents_xml/A00-2.xml": parsing, "top1000_complete/A00-2/summary/A00-2.gold.txt": humans,
			"top1000_complete/A00-1/Documents_xml/A00-1.xml": withoutAbstract, "top1000_complete/A00-1/summary/A00-1.gold.txt": humans,
		},
		"its folder of papers": {
			"A00-2/Documents_xml/A00-2.xml": parsing, "A00-2/citing_sentences_annotated.json": "[]",
			"A00-1/Documents_xml/A00-1.xml": withoutAbstract, "A00-1/summary/A00-1.gold.txt": humans,
		},
		"CL-SciSumm": {
			"A00-2/Reference_XML/A00-2.xml": parsing, "A00-2/summary/A00-2.abstract.txt": "We parse.",
			"A00-1/Reference_XML/A00-1.xml": withoutAbstract, "A00-1/summary/A00-1.scisummnet_human.txt": humans,
		},
	} {
		t.Run(layout, func(t *testing.T) {
			papers, malformed, err := opened(t, sciSummNet(t, files))
			if err != nil || len(malformed) > 0 {
				t.Fatalf("%v, %v", malformed, err)
			}
			checkEqual(t, papers, []corpus.Paper{
				{ID: "A00-1", Title: "Tagging", Abstract: "Words get their tags.\nTheir context helps.", Article: "We tag\uFFFD.", Sections: []string{"1"}},
				{
					ID: "A00-2", Title: "A Novel Parser", Abstract: "We parse.\nIt is \"fast\" \u2014 and exact.",
					Article: "Parsers are slow.\nIs x < y?\nOurs is not.", Sections: []string{"1 Q & A", "2 Method"},
				},
			})
		})
	}
}

func TestAPaperOfSciSummNetThatIsMalformedIsNamed(t *testing.T) {
	folder := sciSummNet(t, map[string]string{
		"A/Documents_xml/A.xml": "<PAPER>\n<SECTION><S>cut short",
		"B/Documents_xml/B.xml": "<HTML></HTML>",
		"C/Documents_xml/C.xml": "<PAPER><ABSTRACT><S>Only this.</S></ABSTRACT></PAPER>",
		"D/Documents_xml/D.xml": "",
		"E/Documents_xml/E.xml": parsing,
	})
	papers, malformed, err := opened(t, folder)
	if err != nil {
		t.Fatal(err)
	}
	checkEqual(t, ids(papers), []string{"E"})
	for i, want := range []string{"A.xml:2: malformed record: ", "B.xml:1: malformed record: ", "sentences in its sections", "D.xml:1: malformed record: "} {
		if len(malformed) != 4 || !strings.Contains(malformed[i].Error(), want) {
			t.Fatalf("%q, want %q", malformed, want)
		}
	}
}

func TestAFolderOfSciSummNetIsDivided(t *testing.T) {
	files := map[string]string{}
	for _, id := range []string{"A", "B", "C", "D", "E"} {
		files[id+"/Documents_xml/"+id+".xml"] = parsing
	}
	split, err := corpus.Load(t.Context(), sciSummNet(t, files), corpus.Sizes{Train: 2, Validation: 1, Test: 1}, 42, nil)
	if err != nil || len(split.Train) != 2 || len(split.Validation) != 1 || len(split.Test) != 1 {
		t.Errorf("%+v, %v", split, err)
	}
	if _, _, err := opened(t, t.TempDir()); err == nil || !strings.Contains(err.Error(), "Documents_xml") {
		t.Errorf("a folder of nothing: %v", err)
	}
}

func FuzzOpenSciSummNet(f *testing.F) {
	for _, document := range []string{parsing, withoutAbstract, "<PAPER><S>\x00&#8;</S>", "<PAPER><SECTION title=&><S>a</PAPER>"} {
		f.Add([]byte(document), []byte(humans))
	}
	f.Fuzz(func(t *testing.T, document, summary []byte) {
		folder := sciSummNet(t, map[string]string{"A/Documents_xml/A.xml": string(document), "A/summary/A.gold.txt": string(summary)})
		papers, malformed, err := opened(t, folder)
		if err != nil || len(papers)+len(malformed) != 1 {
			t.Fatalf("%d papers, %v, %v", len(papers), malformed, err)
		}
		for _, p := range papers {
			if p.Article == "" || !utf8.ValidString(p.Title+p.Abstract+p.Article) {
				t.Errorf("%+v", p)
			}
		}
	})
}
