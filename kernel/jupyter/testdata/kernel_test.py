"""jupyter_kernel_test's suite for the kernel, with a sample for each of its tests."""
import unittest

import jupyter_kernel_test


class PaperlabTest(jupyter_kernel_test.KernelTests):
    kernel_name = "paperlab"
    language_name = "go"
    file_extension = ".go"

    code_hello_world = 'import "fmt"\nfmt.Println("hello, world")'
    code_stderr = 'import ("fmt"; "os")\nfmt.Fprintln(os.Stderr, "oops")'
    completion_samples = [
        {"text": "strings.Repl", "matches": ["Replace", "ReplaceAll", "Replacer"]},
        {"text": "Clea", "matches": ["ClearOutput"]},
        {"text": "fallt", "matches": ["fallthrough"]},
    ]
    complete_code_samples = ["1+1", "x := 1", "func f() int {\n\treturn 1\n}", "import \"fmt\"", "for i := range 3 {\n}", "", "%who", "$ ls"]
    incomplete_code_samples = ["func f() {", "if true {\n", "x := []int{1,", 'import (\n"fmt"', "s := `several\nlines", "1 +", "/* a"]
    invalid_code_samples = ["func 1() {}", "x := )", "s := \"open\nx"]
    code_page_something = "fmt.Println?"
    code_generate_error = "panic(1)"
    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "[]int{1, 2}", "result": "[1 2]"},
        {"code": "display.HTML(`<b>bold</b>`)", "mime": "text/html", "result": "<b>bold</b>"},
    ]
    code_display_data = [
        {"code": "Display(display.Markdown(`*hello*`))", "mime": "text/markdown"},
        {"code": "Display(display.SVG(`<svg xmlns=\"http://www.w3.org/2000/svg\"/>`))", "mime": "image/svg+xml"},
        {"code": 'import "image"\nDisplay(image.NewGray(image.Rect(0, 0, 2, 2)))', "mime": "image/png"},
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6*[78]"
    code_inspect_sample = "fmt.Println"
    code_clear_output = "ClearOutput()"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kc.execute_interactive('import ("fmt"; "strings")')


class WelcomeTest(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "paperlab"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
