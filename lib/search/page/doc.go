// Package page lets people and programs ask an index of papers over HTTP: one search page, and the JSON API that it uses.
//
//	searcher := page.New("papers.faiss", index, model.Embed, model.Embed)
//	defer searcher.Close()
//	err := http.Serve(listener, searcher)
//
// GET /api/search takes q, what is asked, or like, the ID of a paper that others shall be like; by (meaning, words or both), k,
// category, from and to. It answers {"query", "like", "by", "hits", "milliseconds"}; GET /api/info tells which index it is. What
// is wrong with a question is told as {"error", "field"}.
//
// The page is plain HTML, CSS and JavaScript (folder files), embedded as they are. What it shows becomes text, never HTML, and
// the state of a search is in its address. A [Searcher] lets everybody in: put a guard around it that sends a Content-Security-Policy.
package page
