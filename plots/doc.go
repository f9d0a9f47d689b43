// Package plots draws the curves of a training: loss, learning rate, memory or any other quantity against the step or the
// epoch, bands around groups of them, and bars; many runs at once as parallel coordinates; and embeddings as a heat map of
// their similarities or as points on a plane. Series go in, a gonum [plot.Plot] comes out; [Save], [Write] and [PNG] turn it
// into a file or bytes, [SaveColumn] into a figure for a column of a paper.
//
// The drawings follow one set of rules, so that a figure can be trusted without knowing how it was made:
//
//   - every point counts: a long series is thinned to the minimum, maximum, first and last of each pixel column, so
//     that no spike is lost;
//   - a NaN breaks the line, an infinity breaks it and is marked by a triangle at the edge of the plot, a point that
//     stands alone is a dot;
//   - smoothing is TensorBoard's, or W&B's if so asked, drawn over the faint raw line, never instead of it;
//   - colours can be told apart by colour-blind readers, those of a scale grow lighter steadily, and those of curves are
//     the same in each plot of the same runs;
//   - the legend stands beside the data, never on it;
//   - nothing to draw gives a plot that says so.
//
// The package knows nothing of where the numbers come from. Text is set in Liberation Sans, which holds Latin, Greek
// and Cyrillic; other scripts are readable in SVG, where the reader's own fonts fill in.
//
// All functions may be called from several goroutines at once. A plot itself belongs to one goroutine at a time.
package plots
