using MeshCanary.SampleService.Hosting;
using MeshCanary.SampleService.Options;

var parsed = new SampleCommand().Parse(args);
return parsed.Options is { } options
    ? await SampleHost.RunAsync(options, TimeProvider.System)
    : parsed.ExitCode;
