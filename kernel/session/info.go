package session

import (
	"fmt"

	"paperlab/kernel/wire"
)

func (k *Kernel) kernelInfo(r *request) error {
	return r.reply(wire.KernelInfoReply{
		Status: wire.OK, ProtocolVersion: wire.Version,
		Implementation: k.info.Implementation, ImplementationVersion: k.info.Version,
		LanguageInfo: wire.LanguageInfo{
			Name: "go", Version: k.info.GoVersion, MIMEType: "text/x-go", FileExtension: ".go", PygmentsLexer: "go", CodemirrorMode: "go",
		},
		Banner: k.info.Banner, HelpLinks: k.info.HelpLinks,
		SupportedFeatures: []string{"iopub_welcome"},
	})
}

func (k *Kernel) connect(r *request) error {
	c := k.sockets.Connection()
	return r.reply(wire.ConnectReply{
		Status: wire.OK, Shell: c.ShellPort, IOPub: c.IOPubPort, Stdin: c.StdinPort, Control: c.ControlPort, Heartbeat: c.HeartbeatPort,
	})
}

// shutdown tells everybody, and ends Serve.
func (k *Kernel) shutdown(r *request) error {
	var content wire.ShutdownRequest
	if err := r.decode(&content); err != nil {
		return err
	}
	reply := wire.ShutdownReply{Status: wire.OK, Restart: content.Restart}
	k.publish(r.AsParent(), reply)
	k.stop()
	return r.reply(reply)
}

// debug refuses: there is no debugger, as kernel_info says.
func (k *Kernel) debug(r *request) error {
	var content wire.DebugRequest
	if err := r.decode(&content); err != nil {
		return err
	}
	return r.reply(wire.DebugReply{
		Type: "response", RequestSeq: content.Seq, Command: content.Command,
		Message: fmt.Sprintf("%s: this kernel has no debugger", content.Command),
	})
}
