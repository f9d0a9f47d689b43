package session

import "paperlab/kernel/wire"

// The kernel has no objects that a comm could reach, since it has no widgets: it says so to whoever opens one.

func (k *Kernel) commOpen(r *request) error {
	var content wire.CommOpen
	if err := r.decode(&content); err != nil {
		return err
	}
	k.log.Info("refused a comm: nothing here knows its target", "target", content.Target)
	k.publish(r.AsParent(), wire.CommClose{CommID: content.CommID, Data: map[string]any{}})
	return nil
}

// commMessage drops what goes to a comm that was refused.
func (k *Kernel) commMessage(*request) error { return nil }

func (k *Kernel) commInfo(r *request) error {
	return r.reply(wire.CommInfoReply{Status: wire.OK, Comms: map[string]any{}})
}
