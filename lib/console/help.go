package console

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/vbauerster/mpb/v8/cwriter"
)

// help writes the help of a command, on a terminal within its width: paragraphs are broken anew, and what is said of a flag goes on
// below itself.
func help(c *cobra.Command, _ []string) {
	out := c.OutOrStdout()
	about, usage := cmp.Or(c.Long, c.Short), c.UsageString()
	if _, isGroup := c.Annotations[group]; isGroup { // which only shows this help
		usage = strings.Replace(usage, "  "+c.UseLine()+"\n", "", 1)
	}
	if width := helpWidth(out); width > 0 {
		about = broken(about, width)
		for _, flags := range []*pflag.FlagSet{c.LocalFlags(), c.InheritedFlags()} {
			usage = strings.Replace(usage, strings.TrimSpace(flags.FlagUsages()), strings.TrimSpace(flags.FlagUsagesWrapped(width)), 1)
		}
	}
	// A help that cannot be written has nobody to read it.
	_, _ = fmt.Fprintf(out, "%s\n\n%s", strings.TrimSpace(about), usage)
}

// helpWidth is the number of columns for help on a terminal, 0 for what is none.
func helpWidth(w io.Writer) int {
	const readable = 120
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := cwriter.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return min(width, readable)
}

// broken breaks paragraphs into lines of a width at most. One with lines that are indented stays as it is.
func broken(text string, width int) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, paragraph := range paragraphs {
		if !strings.HasPrefix(paragraph, " ") && !strings.Contains(paragraph, "\n ") {
			paragraphs[i] = brokenParagraph(paragraph, width)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

func brokenParagraph(text string, width int) string {
	var out strings.Builder
	at := 0 // columns of the line that are taken
	for i, word := range strings.Fields(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+length > width:
			out.WriteByte('\n')
			at = 0
		default:
			out.WriteByte(' ')
			at++
		}
		out.WriteString(word)
		at += length
	}
	return out.String()
}
