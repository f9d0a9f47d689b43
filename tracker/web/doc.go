// Package web is the dashboard: the page on which runs are listed, drawn and compared while they are going on, its JSON
// API, and the guard that protects every page of ours from other people and other sites.
//
// [Handler] answers for one store; [Guard] goes around it, and [Serve] keeps it up until its context ends ([Open] does both,
// by the address):
//
//	handler := web.Handler(store, web.Options{Done: ctx.Done()})
//	err := web.Serve(ctx, listener, web.Guard(web.GuardOptions{Hosts: web.LoopbackHosts()}, handler), logger)
//
// The page is plain HTML, CSS and JavaScript modules (folder page), embedded as they are: one concept a module, nothing
// built, nothing fetched from elsewhere. It builds elements and sets their text, and never parses data as HTML. The state
// of a view is in its address.
package web
