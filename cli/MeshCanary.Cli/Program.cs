using MeshCanary.Cli;
using MeshCanary.Cli.Hosting;

using var signals = new StopSignals();
return await CliApplication.RunAsync(args, Terminal.OfProcess(), signals.Stop);
