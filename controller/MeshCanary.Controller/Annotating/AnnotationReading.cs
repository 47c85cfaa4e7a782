using System.Collections.Immutable;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Annotating;

/// <summary>What a Service's annotations ask for.</summary>
internal sealed record AnnotationReading
{
    /// <summary>The Canary as it should be; null when there is none to be, or when there are errors: what is there stays then.</summary>
    public CanaryObject? Canary { get; init; }

    /// <summary>Whether the Canary that was made from this Service's annotations is to be deleted.</summary>
    public bool Remove { get; init; }

    /// <summary>Every fault, with the annotation and what to do.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    /// <summary>What is no fault, but may not be meant: told once.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}
