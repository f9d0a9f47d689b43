// Package headless runs notebooks without a browser, cell by cell in this process, and tells whether the outputs in a
// notebook are still those of its cells.
//
// [Run] does what Jupyter's nbclient does: outputs land in the notebook as a front end would put them there, with
// execution counts and times, and the file is saved after each cell. [Inject] sets parameters as papermill does, with
// the types that the notebook's own cell of parameters declares. [Check] compares a notebook with what Run noted in it.
package headless
