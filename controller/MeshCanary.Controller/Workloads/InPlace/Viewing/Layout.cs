using System.Collections.Immutable;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Workloads.InPlace.Viewing;

/// <summary>A view, read: whose ReplicaSets they are, which revision is where, and who holds the Deployment. Pure.</summary>
internal sealed class Layout
{
    private readonly string? _held;

    public Layout(InPlaceView view, V1Deployment deployment)
    {
        View = view;
        Deployment = deployment;
        Catalog = new RevisionCatalog(view.ReplicaSets, view.Configs);
        Owned = Of(deployment.Metadata.Uid);
        Arms = Of(view.Canary.Uid);
        Active = [.. Owned.Where(Objects.IsActive)];
        Target = Catalog.NameOf(deployment.Spec.Template);
        _held = Objects.Annotation(deployment, ApiNames.HeldAnnotation);
        var overruled = _held is not null || Objects.Annotation(deployment, ApiNames.ResumedByAnnotation) is not null;
        // Where what it runs has that very template, and other configuration alone makes a revision, the Deployment has nothing to roll out.
        var rolls = !Active.Any(set => HasTemplateOf(set) && Objects.Revision(set) is { } revision && revision != Target);
        TakenOver = !IsPaused && overruled && rolls && Target is not null && !HoldsTarget ? Target : null;
    }

    public InPlaceView View { get; }

    public V1Deployment Deployment { get; }

    public RevisionCatalog Catalog { get; }

    /// <summary>ReplicaSets that the Deployment controls, in the order of their names.</summary>
    public ImmutableArray<V1ReplicaSet> Owned { get; }

    /// <summary>Those of them that should have pods.</summary>
    public ImmutableArray<V1ReplicaSet> Active { get; }

    /// <summary>ReplicaSets that the Canary controls, in the order of their names.</summary>
    public ImmutableArray<V1ReplicaSet> Arms { get; }

    /// <summary>The revision of the Deployment's template; null while what it uses was not read.</summary>
    public string? Target { get; }

    /// <summary>The revision that a person lets the Deployment roll out by itself; null while nobody does.</summary>
    public string? TakenOver { get; }

    /// <summary>Whether the Deployment rolls nothing out.</summary>
    public bool IsPaused => Deployment.Spec.Paused == true;

    /// <summary>Whether it is paused by us.</summary>
    public bool IsHeld => IsPaused && _held is not null;

    /// <summary>The home that the mark of our hold names; null without one.</summary>
    public string? HeldAt => _held;

    /// <summary>Pods that all of the traffic needs, as whoever scales it says; 0 when it is scaled away.</summary>
    public int Replicas => Deployment.Spec.Replicas ?? 1;

    /// <summary>Pods that all of the traffic needs, at least 1.</summary>
    public int Whole => Math.Max(1, Replicas == 0 ? 1 : Math.Max(Replicas, View.ScalerFloor ?? 1));

    /// <summary>Whether the mark of the hold names the very template that is there: a home that is let go of holds nothing back.</summary>
    private bool HoldsTarget => _held == Target;

    /// <summary>The revision that a ReplicaSet was given, or would be.</summary>
    public string? RevisionOf(V1ReplicaSet set) => Catalog.RevisionOf(set);

    /// <summary>The ReplicaSet of the home: the Deployment's own before one that it has yet to be given; null when there is none.</summary>
    public V1ReplicaSet? HomeOf(Revision home) =>
        Largest(Active, home.Name) ?? Largest(Arms.Where(Objects.IsActive), home.Name) ?? Largest(Owned, home.Name) ?? Largest(Arms, home.Name);

    /// <summary>The Canary's own ReplicaSet of a revision; null when there is none. Of several one on copies, and the one with most pods ready.</summary>
    public V1ReplicaSet? ArmOf(string revision) => Largest(Arms.Where(ConfigCopies.AreReadBy), revision) ?? Largest(Arms, revision);

    /// <summary>A ReplicaSet in the Deployment's history without pods that a revision can be run by; null when there is none.</summary>
    public V1ReplicaSet? HistoryOf(string revision) =>
        Owned.Where(Objects.IsEmpty).FirstOrDefault(set => Objects.Revision(set) == revision)
        ?? (revision == Target ? Owned.Where(Objects.IsEmpty).FirstOrDefault(set => TemplateJson.AreSame(set.Spec.Template, Deployment.Spec.Template)) : null);

    public bool IsOwned(V1ReplicaSet set) => Objects.Controller(set) == Deployment.Metadata.Uid;

    /// <summary>Whether the Deployment has the template of a ReplicaSet.</summary>
    public bool HasTemplateOf(V1ReplicaSet set) => TemplateJson.AreSame(set.Spec.Template, Deployment.Spec.Template);

    /// <summary>Whether the Deployment has the template that a ReplicaSet was made of, be it with copies in it or not.</summary>
    public bool HasOriginalOf(V1ReplicaSet set) => TemplateJson.AreSame(ConfigCopies.OriginalOf(set), Deployment.Spec.Template);

    /// <summary>The one ReplicaSet with pods that the Deployment has, with all of them ready and by its own template; null while it changes.</summary>
    public V1ReplicaSet? Settled =>
        Active is [var only] && HasTemplateOf(only) && Objects.IsWhole(only, Replicas) && Objects.Size(only) == Replicas ? only : null;

    /// <summary>What the Deployment would start by its own template where it is scaled away and nothing has pods; null when there is none.</summary>
    public V1ReplicaSet? Idle =>
        Replicas == 0 && Active.IsEmpty && !Arms.Any(Objects.IsActive) ? Owned.FirstOrDefault(HasTemplateOf) : null;

    private ImmutableArray<V1ReplicaSet> Of(string uid) =>
        [.. View.ReplicaSets.Where(set => Objects.Controller(set) == uid && !Objects.IsGoing(set)).OrderBy(set => set.Metadata.Name, StringComparer.Ordinal)];

    private static V1ReplicaSet? Largest(IEnumerable<V1ReplicaSet> sets, string revision) =>
        sets.Where(set => Objects.Revision(set) == revision)
            .OrderByDescending(set => Math.Min(Objects.Size(set), set.Status?.ReadyReplicas ?? 0)).ThenByDescending(Objects.Size)
            .FirstOrDefault();
}
