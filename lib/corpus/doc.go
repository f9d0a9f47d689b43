// Package corpus reads collections of academic papers as streams of [Paper] and splits them into training,
// validation and test sets.
//
// [Open] and [Read] recognise, by content, the records of
//
//   - the arXiv metadata snapshot (14 fields a record) and files that follow its names;
//   - scientific_papers, as distributed (lists of sentences) or flattened (article and abstract as one text each),
//     which is also the layout of SciSummNet and unarXive here;
//   - SciSummNet as distributed, a folder of folders (ID/Documents_xml/ID.xml, ID/summary/ID.gold.txt): the abstract or, where a
//     paper has none, the summary that people wrote;
//   - SciTLDR;
//   - BEIR's test collections, their documents (corpus.jsonl: _id, title, text);
//   - unarXive as distributed, its formulas and citations written as scientific_papers writes them;
//
// in JSON lines, CSV and TSV, plain or gzip-compressed and with lines of any length, and in Parquet. They hold one record in memory at a
// time. What LaTeX left in texts (@xmath0, @xcite) stays, as the study has it; [Cleaned] takes it out.
//
// A malformed line arrives as a [*LineError] in the stream. The consumer decides what it means: to range on is to
// skip the line, to stop is to make it fatal. [Skip] and [Collect] do the one and the other:
//
//	papers := corpus.Skip(corpus.Open(ctx, path), func(e *corpus.LineError) { log.Print(e) })
//	first, err := corpus.Collect(corpus.Limit(papers, 1000))
//
// Any other error, such as a gzip stream cut short, ends the stream.
//
// Package godoc, below this one, makes a corpus of Go's own documentation for machines that have no data at all.
package corpus
