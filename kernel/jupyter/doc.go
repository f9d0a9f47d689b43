// Package jupyter holds no code: its tests run the kernel under the clients that people use, each for real.
// They start `paperlab kernel run` through jupyter_kernel_test, jupyter console, nbconvert and papermill, and look at JupyterLab and
// the classic Notebook through a headless Chromium.
//
// setup.sh brings those clients at the versions of requirements.txt, and bench/ measures the kernel beside others.
package jupyter
