package session

import (
	"context"
	"time"

	"paperlab/kernel/display"
	"paperlab/kernel/wire"
)

// burst is how long a client may take to send requests that it means to send at once. Those behind a failed one must
// not run, also if it fails before they are there.
const burst = 10 * time.Millisecond

// execute runs a cell.
func (k *Kernel) execute(r *request) error {
	var content wire.ExecuteRequest
	if err := r.decode(&content); err != nil {
		return err
	}
	if k.queue.isAborted(r.Message) {
		return r.reply(wire.Reply{Type: "execute_reply", Status: wire.Aborted})
	}
	started := time.Now()
	store := !content.Silent && (content.StoreHistory == nil || *content.StoreHistory)
	number := k.history.next()
	show := func(c wire.Content) { k.publish(r.AsParent(), c) }
	if content.Silent {
		show = func(wire.Content) {}
	}
	show(wire.ExecuteInput{Code: content.Code, ExecutionCount: number})
	if store {
		k.history.add(content.Code)
	}
	cell := Cell{Number: number, Code: content.Code, Ask: k.asker(r, content)}
	reply, result := k.runCell(cell, content, show)
	if store {
		k.history.yield(number, result)
	}
	if reply.Status == wire.Failed && (content.StopOnError == nil || *content.StopOnError) {
		time.Sleep(burst - time.Since(r.Received))
		k.queue.abort()
	}
	return k.sockets.Shell.Reply(r.Message, reply, map[string]any{"started": started.UTC().Format(time.RFC3339Nano)})
}

// runCell runs a cell and the expressions behind it, interruptibly. It returns the reply and the text of the result.
func (k *Kernel) runCell(cell Cell, content wire.ExecuteRequest, show Show) (reply wire.ExecuteReply, result string) {
	ctx, cancel := context.WithCancel(context.Background())
	k.setInterrupt(cancel)
	defer k.setInterrupt(nil)
	reply = wire.ExecuteReply{Status: wire.OK, ExecutionCount: cell.Number, Payload: []wire.Page{}}
	cell.Page = func(b display.Bundle) { reply.Payload = append(reply.Payload, wire.Page{Source: "page", Data: b.Data}) }
	bundle, err := k.session.Run(ctx, cell, show)
	if err != nil {
		failed := k.session.Explain(err)
		show(failed)
		reply.Status, reply.Error = wire.Failed, &failed
		return reply, ""
	}
	reply.UserExpressions = k.evaluate(ctx, cell.Number, content.UserExpressions)
	return reply, textOf(bundle)
}

// textOf returns what a result is in plain text.
func textOf(bundle display.Bundle) string {
	text, _ := bundle.Data[display.MIMETypeText].(string)
	return text
}

// evaluate gives the values of a request's expressions.
func (k *Kernel) evaluate(ctx context.Context, number int, expressions map[string]string) map[string]wire.UserExpression {
	values := map[string]wire.UserExpression{}
	for name, expression := range expressions {
		bundle, err := k.session.Evaluate(ctx, number, expression)
		if err != nil {
			failed := k.session.Explain(err)
			values[name] = wire.UserExpression{Status: wire.Failed, Error: &failed}
			continue
		}
		values[name] = wire.UserExpression{Status: wire.OK, Data: orEmpty(bundle.Data), Metadata: orEmpty(bundle.Metadata)}
	}
	return values
}

func (k *Kernel) interruptRequest(r *request) error {
	k.Interrupt()
	return r.reply(wire.Reply{Type: "interrupt_reply", Status: wire.OK})
}
