package page_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/corpus"
	"paperlab/lib/search"
	"paperlab/lib/search/page"
)

// hostile is markup that sets the title of a page that executes it.
const hostile = `<img src=x onerror="document.title='taken over'"><script>document.title='taken over'</script>`

var papers = []corpus.Paper{
	{ID: "0704.0001", Title: "Northern lights", Abstract: "Seen\n " + strings.Repeat("again and again ", 40) + "from the pole.", Authors: "A. Aurora", Categories: "astro-ph.EP", Year: 2007},
	{ID: "0801.0002", Title: "East of the sun", Abstract: "Where it rises.", Authors: "B. Dawn", Categories: "cs.CL math.CO", Year: 2008},
	{ID: "x-3", Title: hostile, Abstract: hostile, Authors: hostile, Categories: hostile, Year: 2009},
}

// compass embeds what names a direction.
func compass(_ context.Context, text string) ([]float32, error) {
	switch {
	case strings.Contains(text, "broken"):
		return nil, errors.New("the needle is stuck")
	case strings.Contains(strings.ToLower(text), "north"):
		return []float32{0.1, 1}, nil
	}
	return []float32{1, 0.1}, nil
}

// newSearcher makes a searcher of the papers, whose vectors point north, east and south-west.
func newSearcher(t testing.TB, embed page.Embed) *page.Searcher {
	t.Helper()
	index, err := search.NewIndex(t.Context(), search.Model{Name: "compass"}, []float32{0, 1, 1, 0, -1, -1}, papers)
	if err != nil {
		t.Fatal(err)
	}
	s := page.New("papers.faiss", index, embed, embed)
	t.Cleanup(func() {
		s.Close()
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

type answer struct {
	Query string
	Like  *struct{ ID, Title string }
	By    string
	Hits  []struct {
		Rank                                     int
		Similarity                               any
		ID, Title, Abstract, Authors, Categories string
		Year                                     int
	}
	Milliseconds float64
	Error, Field string
}

// ask asks the API with parameters name=value.
func ask(t testing.TB, handler http.Handler, parameters ...string) (status int, a answer) {
	t.Helper()
	q := url.Values{}
	for _, parameter := range parameters {
		name, value, _ := strings.Cut(parameter, "=")
		q.Add(name, value)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/api/search?"+q.Encode(), nil))
	decoder := json.NewDecoder(w.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&a); err != nil {
		t.Fatalf("%v: %d, %v", parameters, w.Code, err)
	}
	return w.Code, a
}

func ids(a answer) string {
	var all []string
	for _, hit := range a.Hits {
		all = append(all, hit.ID)
	}
	return strings.Join(all, " ")
}

func TestQuestionsAreAnswered(t *testing.T) {
	s := newSearcher(t, compass)
	for name, c := range map[string]struct {
		ask  []string
		want string
	}{
		"by meaning":                {[]string{"q=to the north"}, "0704.0001 0801.0002 x-3"},
		"the nearest alone":         {[]string{"q=to the north", "k=1"}, "0704.0001"},
		"by words":                  {[]string{"q=sun", "by=words"}, "0801.0002"},
		"by an author":              {[]string{"q=aurora", "by=words"}, "0704.0001"},
		"by both":                   {[]string{"q=dawn north", "by=both", "k=2"}, "0801.0002 0704.0001"},
		"words that nobody has":     {[]string{"q=zyx", "by=words"}, ""},
		"no words at all":           {[]string{"q=?!", "by=words"}, ""},
		"quotes and operators":      {[]string{`q=" OR sun* NEAR( ' --`, "by=words"}, "0801.0002"},
		"in a category":             {[]string{"q=north", "category=cs.CL"}, "0801.0002"},
		"in an archive":             {[]string{"q=north", "category=astro-ph"}, "0704.0001"},
		"from a year on":            {[]string{"q=north", "from=2008"}, "0801.0002 x-3"},
		"up to a year":              {[]string{"q=north", "to=2008"}, "0704.0001 0801.0002"},
		"in no year":                {[]string{"q=north", "from=2100"}, ""},
		"more like a paper":         {[]string{"like=0704.0001", "k=1"}, "0801.0002"},
		"more like a hostile paper": {[]string{"like=x-3", "k=1"}, "0801.0002"},
		"empty filters":             {[]string{"q=north", "by=", "k=", "category=", "from=", "to=", "like="}, "0704.0001 0801.0002 x-3"},
		"bytes that are not UTF-8":  {[]string{"q=north\xff", "category=\xff"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if status, a := ask(t, s, c.ask...); status != 200 || ids(a) != c.want || a.Hits == nil {
				t.Errorf("%d %+v, want %q", status, a, c.want)
			}
		})
	}
	_, a := ask(t, s, "q= to the north ", "k=1")
	if hit := a.Hits[0]; a.Query != "to the north" || a.By != "meaning" || hit.Rank != 1 || hit.Similarity.(float64) < 0.99 || hit.Title != "Northern lights" ||
		hit.Authors != "A. Aurora" || hit.Categories != "astro-ph.EP" || hit.Year != 2007 {
		t.Errorf("%+v", a)
	}
	if _, a := ask(t, s, "q=sun", "by=words"); a.Hits[0].Similarity != "NaN" {
		t.Errorf("a paper that its words brought has the similarity %v", a.Hits[0].Similarity)
	}
	if _, a := ask(t, s, "like=0704.0001"); a.Like == nil || a.Like.ID != "0704.0001" || a.Like.Title != "Northern lights" {
		t.Errorf("%+v", a)
	}
}

func TestWrongQuestionsAreRefused(t *testing.T) {
	s := newSearcher(t, compass)
	for name, c := range map[string]struct {
		ask    []string
		status int
		field  string
		says   string
	}{
		"nothing asked":                 {nil, 400, "q", "missing"},
		"white space asked":             {[]string{"q= \n"}, 400, "q", "missing"},
		"a text and a paper":            {[]string{"q=sun", "like=x-3"}, 400, "like", "one of them"},
		"a paper that is not there":     {[]string{"like=0000.0000"}, 404, "like", "no paper with the ID"},
		"a query that is too long":      {[]string{"q=" + strings.Repeat("ö", 1001)}, 400, "q", "1001 characters"},
		"a way to compare that is none": {[]string{"q=sun", "by=smell"}, 400, "by", "meaning, words or both"},
		"no papers wanted":              {[]string{"q=sun", "k=0"}, 400, "k", "from 1 to 100"},
		"too many papers wanted":        {[]string{"q=sun", "k=101"}, 400, "k", "from 1 to 100"},
		"a number that is none":         {[]string{"q=sun", "k=1e1"}, 400, "k", "from 1 to 100"},
		"a number beyond all":           {[]string{"q=sun", "k=99999999999999999999"}, 400, "k", "from 1 to 100"},
		"a year that is none":           {[]string{"q=sun", "from=MMVII"}, 400, "from", "from 0 to 9999"},
		"a year below nothing":          {[]string{"q=sun", "to=-1"}, 400, "to", "from 0 to 9999"},
		"years that never were":         {[]string{"q=sun", "from=2010", "to=2009"}, 400, "to", "2010"},
		"a model that fails":            {[]string{"q=broken"}, 500, "", "needle"},
	} {
		t.Run(name, func(t *testing.T) {
			status, a := ask(t, s, c.ask...)
			if status != c.status || a.Field != c.field || !strings.Contains(a.Error, c.says) || a.Hits != nil {
				t.Errorf("%d %+v, want %d, %q, %q", status, a, c.status, c.field, c.says)
			}
		})
	}
	for _, c := range []struct {
		method, path string
		status       int
	}{{"GET", "/", 200}, {"GET", "/page/search.js", 200}, {"GET", "/page/index.html", 404}, {"GET", "/page/../page.go", 307}, {"POST", "/api/search?q=sun", 404}, {"GET", "/api/other", 404}} {
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil)); w.Code != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, w.Code, c.status)
		}
	}
}

func TestInfoTellsWhichIndexItIs(t *testing.T) {
	w := httptest.NewRecorder()
	newSearcher(t, compass).ServeHTTP(w, httptest.NewRequest("GET", "/api/info", nil))
	if got := w.Body.String(); got != `{"file":"papers.faiss","papers":3,"dimensions":2,"model":"compass"}`+"\n" {
		t.Errorf("%d %s", w.Code, got)
	}
}

func TestManyAskAtOnce(t *testing.T) {
	s := newSearcher(t, compass)
	if err := s.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			by := []string{"meaning", "words", "both"}[i%3]
			if status, a := ask(t, s, "q=northern", "by="+by, "k=1"); status != 200 || ids(a) != "0704.0001" {
				t.Errorf("by %s: %d %+v", by, status, a)
			}
		})
	}
	all.Wait()
}

// Whoever closes the index after the searcher must not take it from a question that is being answered.
func TestCloseWaitsForWhatIsBeingAnswered(t *testing.T) {
	asked, answers, closed := make(chan struct{}), make(chan struct{}), make(chan struct{})
	s := newSearcher(t, func(ctx context.Context, text string) ([]float32, error) {
		close(asked)
		<-answers
		return compass(ctx, text)
	})
	var answered int
	var waiting sync.WaitGroup
	waiting.Go(func() { answered, _ = ask(t, s, "q=north") })
	<-asked
	gone, goAway := context.WithCancel(t.Context())
	goAway()
	w := httptest.NewRecorder()
	go func() {
		s.Close()
		close(closed)
	}()
	select {
	case <-closed:
		t.Error("closed while a question was being answered")
	default:
	}
	close(answers)
	<-closed
	waiting.Wait()
	if answered != 200 {
		t.Errorf("the question was answered with %d", answered)
	}
	// Later ones are not computed any more, and those who give up are not held.
	if s.ServeHTTP(w, httptest.NewRequestWithContext(gone, "GET", "/api/search?q=north", nil)); w.Body.Len() > 0 {
		t.Errorf("answered after the end: %s", w.Body)
	}
}

func ExampleSearcher() {
	index, err := search.NewIndex(context.Background(), search.Model{Name: "compass"}, []float32{0, 1, 1, 0}, papers[:2])
	if err != nil {
		fmt.Println(err)
		return
	}
	defer index.Close()
	searcher := page.New("papers.faiss", index, compass, compass)
	defer searcher.Close()
	server := httptest.NewServer(searcher)
	defer server.Close()
	response, err := http.Get(server.URL + "/api/search?q=north&k=1")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	var found struct{ Hits []struct{ Title string } }
	if err := json.NewDecoder(response.Body).Decode(&found); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found.Hits[0].Title)
	// Output: Northern lights
}
