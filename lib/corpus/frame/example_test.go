package frame_test

import (
	"context"
	"fmt"
	"strings"

	"paperlab/lib/corpus/frame"
)

func Example() {
	file := strings.NewReader(`{"id":"0704.0001","title":"Calculation of prompt diphoton production","doi":null}
{"id":"0704.0002","title":"Sparsity-certifying Graph Decompositions","doi":null}
{"id":"0704.0003","title":null,"doi":"10.1103/x"}
`)
	papers, err := frame.Read(context.Background(), file, 20000)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(papers.Info())
	papers, err = papers.DropNA("title")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(papers.Head(5))
	// Output:
	//    column  non-null    type
	// 0      id         3  string
	// 1   title         2  string
	// 2     doi         1  string
	//           id                                      title   doi
	// 0  0704.0001  Calculation of prompt diphoton production  null
	// 1  0704.0002   Sparsity-certifying Graph Decompositions  null
}
