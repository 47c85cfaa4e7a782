using MeshCanary.Cli;
using MeshCanary.Cli.Hosting;
using MeshCanary.Proxy.Hosting;

// Before anything opens a socket.
SocketThreads.CompleteInline();

using var signals = new StopSignals();
return signals.CodeOf(await CliApplication.RunAsync(args, Terminal.OfProcess(), signals.Stop));
