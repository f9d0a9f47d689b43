// Package peers runs, for tests, the Python programs whose files and protocols the tracker reads, writes and speaks:
// TensorBoard, pandas, DuckDB, MLflow's clients and Trackio. make setup brings them (tracker/setup.sh) at the versions
// pinned here.
//
//	out := peers.Run(t, peers.Current, "testdata/read.py", folder)
package peers
