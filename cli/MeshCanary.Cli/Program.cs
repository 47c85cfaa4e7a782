using MeshCanary.Cli;
using MeshCanary.Cli.Hosting;

using var signals = new StopSignals();
return signals.CodeOf(await CliApplication.RunAsync(args, Terminal.OfProcess(), signals.Stop));
