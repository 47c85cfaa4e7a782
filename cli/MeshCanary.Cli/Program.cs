using MeshCanary.Cli;
using MeshCanary.Cli.Hosting;
using MeshCanary.Proxy.Hosting;

// Before anything opens a socket. Only where all that runs on these threads is known not to block: a client of the Kubernetes API
// that did once stopped every socket of its controller, until its liveness probe ended it.
if (args is ["proxy", ..])
    SocketThreads.CompleteInline();

using var signals = new StopSignals();
return signals.CodeOf(await CliApplication.RunAsync(args, Terminal.OfProcess(), signals.Stop));
