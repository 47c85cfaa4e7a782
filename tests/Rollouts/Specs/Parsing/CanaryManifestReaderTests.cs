using System.Text;
using CsCheck;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Rollouts.Tests.Specs.Parsing;

public sealed class CanaryManifestReaderTests
{
    private const string Good = """
        apiVersion: meshcanary.io/v1alpha1
        kind: Canary
        metadata: { name: checkout }
        spec:
          workload: { kind: Static, name: checkout, stable: { addresses: [http://127.0.0.1:5001] } }
          service: { name: checkout }
          strategy: { steps: [{ weight: 10 }, { approval: { timeout: 1h } }] }
          analysis: { guards: [{ metric: errorRate, max: 5% }] }
        """;

    [Fact]
    public void Read_AnyDamagedText_NeverThrowsAndSaysWhy() =>
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Int[0, 40], Gen.String[Gen.Char[" \n\t:-{}[]&*!|>'\"%@`,?#~0a\u0000é"], 0, 12]).Sample(
            (start, length, text) =>
            {
                var damaged = Good.Remove(start, Math.Min(length, Good.Length - start)).Insert(start, text);
                var result = CanaryManifestReader.Read(damaged, "canary.yaml");
                Assert.Equal(result.IsValid, result.Manifests.Length > 0);
                Assert.All(result.Errors, error => Assert.True(error.Line >= 1 && error.Column >= 1 && error.Message.Length > 0 && error.Remedy.Length > 0, error.ToString()));
            },
            iter: 5000);

    [Fact]
    public void Read_AliasBomb_EndsAtOnce()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (var level = 1; level < 60; level++)
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n");
        Assert.False(CanaryManifestReader.Read(bomb.ToString(), "canary.yaml").IsValid);
    }

    [Fact]
    public void Read_DeepNesting_IsRefused()
    {
        var result = CanaryManifestReader.Read(new string('[', 100_000), "canary.yaml");
        Assert.Contains("Nested deeper", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnchorWithinItself_IsRefused()
    {
        var result = CanaryManifestReader.Read("spec: &a { b: *a }", "canary.yaml");
        Assert.Contains("'a' is not defined", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HugeFile_IsRefused() =>
        Assert.Single(CanaryManifestReader.Read(new string('#', 2_000_000), "canary.yaml").Errors);

    [Fact]
    public void Read_GoodAndBadDocument_KeepsTheGoodOne()
    {
        var result = CanaryManifestReader.Read(Good + "\n---\nkind: Canary\n", "canary.yaml");
        Assert.Equal("default/checkout", Assert.Single(result.Manifests).Key);
        Assert.False(result.IsValid);
    }

    [Fact]
    public void Error_ToString_IsOneClickableLine()
    {
        var error = Assert.Single(CanaryManifestReader.Read(Good.Replace("weight: 10", "weight: 0", StringComparison.Ordinal), "shop/canary.yaml").Errors);
        Assert.Equal("shop/canary.yaml:7:33: spec.strategy.steps[0].weight: '0' is not a percentage from 0.01 to 100. Write a percentage such as 12.5.", error.ToString());
    }
}
