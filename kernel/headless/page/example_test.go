package page_test

import (
	"bytes"
	"fmt"
	"strings"

	"paperlab/kernel/headless/page"
	"paperlab/kernel/nbformat"
)

func Example() {
	nb := nbformat.New()
	nb.Cells = []nbformat.Cell{
		{ID: "a", Type: nbformat.Markdown, Source: "# Loss curves"},
		{ID: "b", Type: nbformat.Markdown, Source: "Steps of *one* run.\n\n## Training"},
	}
	var b bytes.Buffer
	if err := page.Write(&b, nb, page.Options{}); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "<title>") || strings.Contains(line, "<a href") || strings.Contains(line, "<em>") {
			fmt.Print(line)
		}
	}
	// Output:
	// <title>Loss curves</title>
	// <li class="level-1"><a href="#loss-curves">Loss curves</a></li>
	// <li class="level-2"><a href="#training">Training</a></li>
	// <p>Steps of <em>one</em> run.</p>
}
