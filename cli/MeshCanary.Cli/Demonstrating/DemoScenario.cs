namespace MeshCanary.Cli.Demonstrating;

/// <summary>What the new version of the demo is like, and what should become of it.</summary>
/// <param name="Name">The word on the command line; empty for the good version.</param>
/// <param name="Promise">What the new version does, in plain words.</param>
/// <param name="SampleArguments">How the sample service is started for it.</param>
/// <param name="IsGood">Whether it should be promoted.</param>
internal sealed record DemoScenario(string Name, string Promise, IReadOnlyList<string> SampleArguments, bool IsGood)
{
    /// <summary>All of them, the good one first.</summary>
    public static IReadOnlyList<DemoScenario> All { get; } =
    [
        new("", "v2 is as good as v1: it should be promoted in about two minutes", [], true),
        new("errors", "v2 fails 4.5 % of requests where v1 fails 0.5 %: it should be rolled back", ["--error-rate", "0.045"], false),
        new("latency", "v2 takes 1.5 times as long as v1: it should be rolled back", ["--latency-factor", "1.5"], false),
        new("flaky", "v2 fails 30 % of requests in bursts of two seconds: it should be rolled back", ["--flaky"], false),
    ];

    /// <summary>The words that <c>--bad</c> takes.</summary>
    public static string[] BadNames { get; } = [.. All.Where(scenario => !scenario.IsGood).Select(scenario => scenario.Name)];
}
