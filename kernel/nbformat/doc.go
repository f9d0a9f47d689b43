// Package nbformat reads, checks and writes Jupyter notebooks on disk: .ipynb files of format 4.0 to 4.5.
//
// It writes what Jupyter's own package writes (the Python package nbformat 5.10, v4): keys sorted, an indent of one
// space, texts cut into lists of lines, nothing escaped that need not be, fields it does not know kept. So a notebook
// that Jupyter wrote and nobody changed comes out byte for byte as it was, and a changed one differs where it was
// changed.
//
// [Parse] and [Read] take only valid notebooks and say what is wrong with others, cell by cell; [Notebook.Encode] and
// [Notebook.Save] write only valid ones. Notebooks of formats 4.0 to 4.4, whose cells have no ids, stay at their
// format until [Notebook.Upgrade] is called.
package nbformat
