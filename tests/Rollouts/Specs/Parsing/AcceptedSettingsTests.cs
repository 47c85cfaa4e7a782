using CsCheck;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Rollouts.Tests.Specs.Parsing;

/// <summary>What the reader accepts, the engine can judge: or else a run would begin that fails at every look.</summary>
public sealed class AcceptedSettingsTests
{
    private static readonly Gen<string> Percentage = OneOf(
        "0%", "0.0001%", "0.05%", "0.5%", "1%", "5%", "10%", "50%", "99%", "99.99%", "99.9999999999999999999999%", "100%", "101%", "1000%", "10000%", "10001%", "1e-20%", "-1%");

    private static readonly Gen<string> Number = OneOf(
        "0", "0.0000001", "0.000001", "0.01", "0.05", "0.5", "0.50000000000000000001", "0.51", "1", "1.5", "3", "100", "1000", "1001", "100000", "1000000000", "9999999999");

    private static readonly Gen<string> Duration = OneOf("0s", "0.1ms", "0.25ms", "500ms", "1s", "120s", "120.1s", "121s", "1h");

    private static readonly Gen<string> Metric = OneOf(
        "errorRate", "latencyP50", "latencyP99", "latencyP99.0", "latencyP99.9", "latencyP99.99999999999999999999", "latencyP0.00000000000000001", "latencyP0", "latencyP100", "latencyP.5", "latencyP5.");

    private static readonly Gen<string> Guard = Gen.Select(Metric, Gen.OneOf(Percentage, Duration), (metric, max) => $"{{ metric: {metric}, max: {max} }}");

    private static readonly Gen<string> Percentiles = Gen.OneOf(
        Gen.Int[1, 99].HashSet[0, 20].Select(set => string.Join(", ", set.Order())),
        OneOf("50, 50.00000000000000001", "0.0001", "99.9999", "99.99999", "0.00001", "99.99990000000000000000001"));

    private static readonly Gen<string> Analysis = Gen.OneOf(
        Number.Select(value => $"falseRollbackRate: {value}"),
        Number.Select(value => $"falsePromotionRate: {value}"),
        Number.Select(value => $"sampleRatioAlpha: {value}"),
        Number.Select(value => $"minimumIntervals: {value}"),
        Number.Select(value => $"minimumCanaryRequests: {value}"),
        Number.Select(value => $"minimumBaselineRequests: {value}"),
        Duration.Select(value => $"interval: {value}"),
        Gen.Select(Number, Number, (errors, latency) => $"overdispersion: {{ errors: {errors}, latency: {latency} }}"),
        Gen.Select(Percentage, Percentage, Percentage, Percentage, (one, two, three, four) => $"errors: {{ tolerate: {{ absolute: {one}, relative: {two} }}, harm: {{ absolute: {three}, relative: {four} }} }}"),
        Gen.Select(Percentage, Percentage, (tolerate, harm) => $"latency: {{ tolerate: {tolerate}, harm: {harm} }}"),
        Percentage.Select(harm => $"errors: {{ harm: {{ absolute: {harm} }} }}"),
        Percentiles.Select(values => $"latency: {{ percentiles: [{values}] }}"),
        Guard.List[1, 3].Select(guards => $"guards: [{string.Join(", ", guards)}]"));

    [Fact]
    public void Read_AnyManifestThatIsAccepted_HasSettingsTheEngineCanWorkWith()
    {
        var accepted = 0;
        Analysis.Sample(
            analysis =>
            {
                var result = CanaryManifestReader.Read(Manifest(analysis), "canary.yaml");
                Assert.All(result.Errors, error => Assert.StartsWith("spec.analysis.", error.Path, StringComparison.Ordinal));
                Assert.All(result.Manifests, manifest => Assert.Empty(manifest.Spec.Analysis.Settings.Validate()));
                if (result.IsValid)
                    Interlocked.Increment(ref accepted);
            },
            iter: 20_000);
        Assert.InRange(accepted, 1_000, 19_000);
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static string Manifest(string analysis) => $$"""
        apiVersion: meshcanary.io/v1alpha1
        kind: Canary
        metadata: { name: checkout }
        spec:
          workload: { kind: Static, name: checkout, stable: { addresses: [http://127.0.0.1:5001] } }
          service: { name: checkout }
          strategy: { steps: [{ weight: 10 }] }
          analysis: { {{analysis}} }
        """;
}
