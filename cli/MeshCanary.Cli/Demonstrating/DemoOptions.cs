namespace MeshCanary.Cli.Demonstrating;

/// <summary>What the demo is started with.</summary>
/// <param name="Scenario">What the new version is like.</param>
/// <param name="SampleService">The sample service: an executable or a .dll.</param>
/// <param name="Rate">Requests a second.</param>
/// <param name="IsLive">Whether the page is redrawn in place.</param>
internal sealed record DemoOptions(DemoScenario Scenario, string SampleService, int Rate, bool IsLive);
