// Package pdf reads the text of PDF files, such as papers from arXiv, for `paperlab summarize paper.pdf`.
//
//	reader, err := pdf.NewReader(cacheFolder)
//	...
//	defer reader.Close()
//	text, err := reader.Text(ctx, file)
//
// PDFium does the work, the library of the browser Chromium, compiled to WebAssembly (klippa-app/go-pdfium on wazero): TeX sets words
// by their places alone, without a space between them, and what only strings the characters together makes one word of a line. A
// damaged or hostile file meets a sandbox without files or network.
package pdf
