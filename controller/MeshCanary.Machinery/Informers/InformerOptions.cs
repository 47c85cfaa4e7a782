using System.Text.Json;
using k8s;
using k8s.Models;
using MeshCanary.Machinery.Faults;
using MeshCanary.Machinery.Pacing;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Informers;

/// <summary>What an informer follows, and how.</summary>
public sealed record InformerOptions<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The namespace, or null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Only objects with these labels, as <c>a=b,c</c>; null for all.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Only objects with these fields, as <c>metadata.name=a</c>; null for all.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>How many objects a list brings at a time: what bounds the memory of a list.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>How long the server lets a watch last; a random part up to as long again is added, so that watches do not end together.</summary>
    public TimeSpan WatchLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a watch may say nothing. Servers send a bookmark about every minute, so that a watch without one is dead or stuck behind
    /// something; the objects are listed anew.
    /// </summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long an API that was there must be gone until its objects count as deleted: a server that starts may deny for a moment what it serves.</summary>
    public TimeSpan AbsenceLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an API that is not served is looked for.</summary>
    public TimeSpan AbsencePoll { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Pauses after failures.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    /// <summary>Whether managed fields, often half of an object, are dropped.</summary>
    public bool StripManagedFields { get; init; } = true;

    /// <summary>Trims an object before it is stored; may change it and return it. Null to keep it as it is.</summary>
    public Func<T, T>? Transform { get; init; }

    /// <summary>
    /// Makes an object of JSON, given the type that is served. Whatever it throws quarantines the object. The JSON dies with the call.
    /// Null for the class's own form.
    /// </summary>
    public Func<JsonElement, ResourceType, T>? Decode { get; init; }

    /// <summary>Is told when an object cannot be read, once per version of it. Must be quick.</summary>
    public Action<UndecodableObject>? Undecodable { get; init; }
}
