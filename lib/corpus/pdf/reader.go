package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
)

// ErrNoText is in the chain of the error about a file whose pages hold no text: pictures of a scan.
var ErrNoText = errors.New("no text is in it (a scan? have it recognised first)")

// Reader reads PDF files. Several goroutines may use it; it reads one file at a time.
type Reader struct {
	mu       sync.Mutex
	cache    wazero.CompilationCache
	pool     pdfium.Pool
	instance pdfium.Pdfium
}

// NewReader starts PDFium. The first time takes seconds; what they are spent on is kept in the folder cache, which is made where it is
// missing, so that later it takes a tenth of one. An empty cache keeps nothing. Close ends it.
func NewReader(cache string) (*Reader, error) {
	r := &Reader{}
	settings := wazero.NewRuntimeConfig()
	if cache != "" {
		var err error
		if r.cache, err = wazero.NewCompilationCacheWithDir(cache); err != nil {
			return nil, fmt.Errorf("pdf: cache: %w", err)
		}
		settings = settings.WithCompilationCache(r.cache)
	}
	if err := r.start(settings); err != nil {
		return nil, errors.Join(fmt.Errorf("pdf: start PDFium: %w", err), r.Close())
	}
	return r, nil
}

func (r *Reader) start(settings wazero.RuntimeConfig) (err error) {
	r.pool, err = webassembly.Init(webassembly.Config{
		MinIdle: 1, MaxIdle: 1, MaxTotal: 1, RuntimeConfig: settings,
		FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard, // it needs none of them
	})
	if err != nil {
		return err
	}
	const patience = time.Minute // it is the only user
	r.instance, err = r.pool.GetInstance(patience)
	return err
}

// Close ends PDFium. The reader must not be used after it.
func (r *Reader) Close() error {
	var err error
	if r.instance != nil {
		err = r.instance.Close()
	}
	if r.pool != nil {
		err = errors.Join(err, r.pool.Close())
	}
	if r.cache != nil {
		err = errors.Join(err, r.cache.Close(context.Background()))
	}
	return err
}

// Text returns the text of a PDF file, page after page, in the order in which the file draws it, which for papers is that of reading:
// columns one after the other. Words that a line break cuts are whole, ligatures are letters. A file that is damaged, asks for a
// password or holds no text ([ErrNoText]) is an error. It stops between two pages when ctx is done.
func (r *Reader) Text(ctx context.Context, file []byte) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	opened, err := r.instance.OpenDocument(&requests.OpenDocument{File: &file})
	if err != nil {
		return "", fmt.Errorf("pdf: %w", explain(err))
	}
	text, err := r.pages(ctx, opened.Document)
	_, errClose := r.instance.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: opened.Document})
	if err := errors.Join(err, errClose); err != nil {
		return "", fmt.Errorf("pdf: %w", err)
	}
	if strings.TrimSpace(text) == "" {
		return "", fmt.Errorf("pdf: %w", ErrNoText)
	}
	return text, nil
}

func (r *Reader) pages(ctx context.Context, document references.FPDF_DOCUMENT) (string, error) {
	count, err := r.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: document})
	if err != nil {
		return "", err
	}
	var all strings.Builder
	for i := range count.PageCount {
		if err := ctx.Err(); err != nil {
			return "", fmt.Errorf("stopped before page %d of %d: %w", i+1, count.PageCount, err)
		}
		page, err := r.instance.GetPageText(&requests.GetPageText{
			Page: requests.Page{ByIndex: &requests.PageByIndex{Document: document, Index: i}},
		})
		if err != nil {
			return "", fmt.Errorf("page %d of %d: %w", i+1, count.PageCount, explain(err))
		}
		all.WriteString(plain.Replace(page.Text))
		all.WriteByte('\n')
	}
	return strings.ToValidUTF8(all.String(), "\uFFFD"), nil
}

// plain writes what PDFium returns as texts are written elsewhere: it marks a hyphen at the end of a line with U+0002 or U+FFFE.
var plain = strings.NewReplacer(
	"\u0002\r\n", "", "\uFFFE\r\n", "", "\u0002", "", "\uFFFE", "", "\r\n", "\n",
	"ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st",
)

// explain says what to do about the commoner of PDFium's errors.
func explain(err error) error {
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword):
		return errors.New("it asks for a password (save it without one)")
	case errors.Is(err, pdfiumerrors.ErrFormat), errors.Is(err, pdfiumerrors.ErrFile):
		return errors.New("it is damaged, or no PDF file (fetch it again)")
	case errors.Is(err, pdfiumerrors.ErrPage):
		return errors.New("it is damaged (fetch the file again)")
	}
	return err
}
