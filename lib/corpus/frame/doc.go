// Package frame is a small table for looking at records before training on them: the first lines of a JSON-lines file,
// their columns and types, what is missing. It knows as much of a data frame as the study of papers needs, no more.
//
//	papers, err := frame.Read(ctx, file, 20000)
//	fmt.Println(papers.Head(5))
//	fmt.Println(papers.Info())
//	papers, err = papers.Select("title", "abstract", "categories")
//	papers, err = papers.DropNA()
//	titles, err := papers.Strings("title")
//
// A Frame prints as an aligned table, and as an HTML table in a notebook, long cells cut as pandas cuts them.
package frame
