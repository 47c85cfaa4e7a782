using System.Runtime.CompilerServices;
using System.Text.Json;
using MeshCanary.Cluster.Tests.Crds;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Cluster.Tests.Machinery;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.Jobs;
using MeshCanary.Controller.Metrics.Providers.Secrets;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Cluster.Tests.Providers;

/// <summary>Jobs as providers, Secrets and the examples of templates, on a real control plane.</summary>
public sealed class MetricJobTests(ClusterFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ExitCode_IsTheValue_AndTheSameQuestionIsOneJob()
    {
        await using var space = await fixture.NamespaceAsync();
        using var access = fixture.Machinery();
        var good = Question(space.Name, "0");
        var bad = Question(space.Name, "3");
        var first = new JobProvider(access, TimeProvider.System);
        var asked = await Task.WhenAll(first.AskAsync(good, Stop), first.AskAsync(good, Stop), first.AskAsync(bad, Stop));
        Assert.Equal([1, 1, 0], asked.Select(Value));
        // Another process, such as the next leader, meets the Jobs that are there.
        Assert.Equal(0, Value(await new JobProvider(access, TimeProvider.System).AskAsync(bad, Stop)));
        var jobs = await space.Client.BatchV1.ListNamespacedJobAsync(space.Name, labelSelector: $"{MetricJob.Label}=true", cancellationToken: Stop);
        Assert.Equal(2, jobs.Items.Count);
        Assert.All(jobs.Items, job => Assert.Equal((int)MetricJob.Kept.TotalSeconds, job.Spec.TtlSecondsAfterFinished));
        Assert.Equal(1, jobs.Items.Sum(job => job.Status.Failed ?? 0));
    }

    [Fact]
    public async Task Job_WhoseImageIsMissing_IsAFaultThatSaysSo()
    {
        await using var space = await fixture.NamespaceAsync();
        using var access = fixture.Machinery();
        var question = Question(space.Name, "0", "nowhere/no-such:v1") with { Timeout = TimeSpan.FromSeconds(40) };
        var fault = Assert.IsType<MetricAnswer.Fault>(await new JobProvider(access, TimeProvider.System).AskAsync(question, Stop));
        Assert.Contains("stopped at its deadline", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_IsRead()
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = new Kubectl(space);
        using var access = fixture.Machinery();
        await kubectl.RunAsync("create secret generic keys --from-literal=token=4711");
        Assert.Equal("4711", (await new KubernetesSecretReader(access).ReadAsync(space.Name, "keys", Stop)).Keys["token"]);
        Assert.Contains("there is no Secret", (await new KubernetesSecretReader(access).ReadAsync(space.Name, "none", Stop)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examples_AreApplied()
    {
        await using var space = await fixture.NamespaceAsync();
        using var kubectl = await CrdTests.InstallAsync(space);
        await kubectl.RunAsync("apply --server-side -f", "", Examples());
        using var there = JsonDocument.Parse(await kubectl.RunAsync("get metrictemplates -o json"));
        Assert.Equal(Directory.GetFiles(Examples(), "*.yaml").Length, there.RootElement.GetProperty("items").GetArrayLength());
        Assert.All(there.RootElement.GetProperty("items").EnumerateArray(), template =>
        {
            // What the schema fills in changes nothing of what is read.
            Assert.NotNull(MeshCanary.Rollouts.Specs.Parsing.MetricTemplateReader.ReadObject(template.GetProperty("spec"), out var errors));
            Assert.Empty(errors);
        });
    }

    private static double Value(MetricAnswer answer) => Assert.Single(Assert.IsType<MetricAnswer.Values>(answer).Found).Value;

    private static MetricQuestion Question(string space, string query, string image = "shell") => new()
    {
        Provider = new MetricProviderSpec
        {
            Type = MetricProviderTypes.Job,
            Address = "",
            Job = new MetricJobSpec
            {
                Template = $$$"""{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":1,"containers":[{"name":"check","image":"{{{image}}}","args":["/bin/sh","-c","exit \"$MESHCANARY_QUERY\""]}]}}}}""",
                Deadline = image == "shell" ? TimeSpan.FromMinutes(3) : TimeSpan.FromSeconds(10),
            },
        },
        Namespace = space,
        Query = query,
        From = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        To = new DateTimeOffset(2026, 3, 1, 12, 1, 0, TimeSpan.Zero),
        Timeout = TimeSpan.FromMinutes(3),
    };

    private static string Examples([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "examples", "metric-templates"));
}
