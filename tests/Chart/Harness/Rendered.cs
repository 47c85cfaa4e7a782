using System.Collections.Concurrent;

namespace MeshCanary.Chart.Tests.Harness;

/// <summary>What the chart renders with some values.</summary>
internal sealed class Rendered
{
    private static readonly ConcurrentDictionary<string, Task<Rendered>> Known = new();

    private Rendered(IReadOnlyList<Manifest> all) => All = all;

    /// <summary>Every object.</summary>
    public IReadOnlyList<Manifest> All { get; }

    /// <summary>Renders; the same arguments once.</summary>
    public static Task<Rendered> WithAsync(params string[] args) => Known.GetOrAdd(string.Join('\n', args), _ => RenderAsync(args));

    /// <summary>Those of a kind.</summary>
    public Manifest[] Of(string kind) => [.. All.Where(manifest => manifest.Kind == kind)];

    /// <summary>The one of a kind and name.</summary>
    public Manifest The(string kind, string name) => Assert.Single(Of(kind), manifest => manifest.Name == name);

    private static async Task<Rendered> RenderAsync(string[] args)
    {
        var run = await Helm.TemplateAsync(args);
        Assert.True(run.Code == 0, $"helm template {string.Join(' ', args)} failed: {run.Error}");
        return new Rendered([.. Yaml.Documents(run.Out).Select(json => new Manifest(json))]);
    }
}
