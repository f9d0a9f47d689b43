// Package stdio is C's standard output.
package stdio

/*
#include <stdio.h>
#include <stdlib.h>

static void unbuffer(void) { setvbuf(stdout, NULL, _IONBF, 0); setvbuf(stderr, NULL, _IONBF, 0); }
static void print(const char *text) { printf("%s", text); }
*/
import "C"

import "unsafe"

// Unbuffer has C code write at once what it prints. Into a pipe it would do so every few kilobytes.
func Unbuffer() { C.unbuffer() }

// Print prints a text by printf.
func Print(text string) {
	c := C.CString(text)
	defer C.free(unsafe.Pointer(c))
	C.print(c)
}
