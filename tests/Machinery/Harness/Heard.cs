using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using MeshCanary.Machinery.Informers;

namespace MeshCanary.Machinery.Tests.Harness;

/// <summary>Writes down what an informer tells: <c>+name@version</c>, <c>~name@before-after</c>, <c>-name@version</c>.</summary>
internal sealed class Heard<T> : IObjectHandler<T>
    where T : IKubernetesObject<V1ObjectMeta>
{
    private readonly ConcurrentQueue<string> _notes = new();

    public string[] Notes => [.. _notes];

    public void Added(T added) => _notes.Enqueue($"+{added.Metadata.Name}@{added.Metadata.ResourceVersion}");

    public void Updated(T before, T after) =>
        _notes.Enqueue($"~{after.Metadata.Name}@{before.Metadata.ResourceVersion}-{after.Metadata.ResourceVersion}");

    public void Deleted(T last) => _notes.Enqueue($"-{last.Metadata.Name}@{last.Metadata.ResourceVersion}");
}
