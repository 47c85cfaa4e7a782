namespace MeshCanary.SampleService.Options;

/// <summary>The options, or none and the code to exit with.</summary>
internal sealed record ParsedOptions(SampleOptions? Options, int ExitCode);
