using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Rollouts.Deciding;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>Bringing arms up, and to their size.</summary>
internal static class ArmMoves
{
    public static InPlaceCall? Next(Situation at)
    {
        // Without a home nothing says what the Deployment would do meanwhile.
        if (at.Home is null)
            return null;
        foreach (var arm in at.Plan.Arms)
        {
            if (Next(at, arm) is { } call)
                return call;
        }

        return null;
    }

    private static InPlaceCall? Next(Situation at, ArmPlan arm)
    {
        var layout = at.Layout;
        var name = arm.Revision.Name;
        if (arm.Share is not { } share)
            return null;
        var size = ArmSize.For(share, layout.Whole);
        // One that a Deployment nobody held began with reads its owner's objects: it serves until one on copies is whole.
        if (layout.ArmOf(name) is { } there && (at.Fits(there) || name != layout.Target))
            return arm.Keeps && Objects.Size(there) > size ? null : Scale(at, there, size);
        if (layout.Active.Any(set => Objects.Revision(set) == name))
            return null;
        if (layout.HistoryOf(name) is { } known && at.Fits(known))
            return Take(at, known, name);
        if (name == layout.Target)
            return Create(at, name, size);
        at.Wait();
        at.Tell($"no ReplicaSet of revision {name} is left, and the Deployment has another template by now: its pods cannot be started");
        return null;
    }

    private static ScaleReplicaSet? Scale(Situation at, V1ReplicaSet set, int size)
    {
        if (Objects.Size(set) == size)
            return null;
        if (!CopyMoves.AreThere(set))
        {
            at.Wait();
            return null;
        }

        if (QuotaRoom.Problem(at.Layout.View, set, size) is not { } problem)
            return new ScaleReplicaSet(set, size);
        at.Wait();
        at.Tell(problem);
        return null;
    }

    private static MoveReplicaSet? Take(Situation at, V1ReplicaSet known, string name)
    {
        if (ConfigCopies.AreReadBy(known))
            return HomeMoves.ToCanary(at, known);
        // Its pods will be new: they read what is there now.
        if (at.Layout.Catalog.ConfigOf(known.Spec.Template) is { } config)
            return HomeMoves.ToCanary(at, known) with { Labels = NameMoves.Labels(at.Layout, name, config) };
        at.Wait();
        return null;
    }

    /// <summary>Starts the Deployment's own template as an arm.</summary>
    public static CreateReplicaSet? Create(Situation at, string name, int size)
    {
        var layout = at.Layout;
        var references = at.WantsCopies ? ConfigReferences.Of(layout.Deployment.Spec.Template) : [];
        if (references.Any(reference => !ConfigCopies.CanBeNamed(reference, name)))
        {
            at.Wait();
            at.Tell($"{references.First(reference => !ConfigCopies.CanBeNamed(reference, name))} has a name that is too long for a copy's; give it a shorter one, or leave out spec.workload.configSnapshots");
            return null;
        }

        var set = references.IsEmpty ? ReplicaSetOf(layout, name, size) : OnCopies(ReplicaSetOf(layout, name, 0), name);
        if (layout.View.ReplicaSets.Any(other => other.Metadata.Name == set.Metadata.Name))
        {
            // It goes: the next one can have its name when it has gone.
            at.Wait();
            return null;
        }

        if (QuotaRoom.Problem(layout.View, set, size) is not { } problem)
            return new CreateReplicaSet(layout.Deployment.Metadata.Generation ?? 0, set);
        at.Wait();
        at.Tell(problem);
        return null;
    }

    // Without the label that says what is in the copies: there are none yet.
    private static V1ReplicaSet OnCopies(V1ReplicaSet set, string name)
    {
        set.Metadata.Labels.Remove(InPlaceNames.ConfigLabel);
        set.Spec.Template = ConfigCopies.With(set.Spec.Template, name);
        return set;
    }

    /// <summary>
    /// The arm of the Deployment's template: the template unaltered but for the hash, so that it can become the Deployment's own. Without
    /// the annotations by which the Deployment controller remembers sizes: it would take an old one for a scaling that never ends.
    /// </summary>
    private static V1ReplicaSet ReplicaSetOf(Layout layout, string name, int size)
    {
        var template = layout.Deployment.Spec.Template;
        var pods = new Dictionary<string, string>(template.Metadata?.Labels ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [InPlaceNames.HashLabel] = name };
        var labels = new Dictionary<string, string>(pods, StringComparer.Ordinal);
        foreach (var (key, value) in NameMoves.Labels(layout, name, layout.Catalog.ConfigOf(template)!))
            labels[key] = value!;
        var selector = layout.Deployment.Spec.Selector;
        return new V1ReplicaSet
        {
            ApiVersion = "apps/v1",
            Kind = "ReplicaSet",
            Metadata = new V1ObjectMeta
            {
                Name = InPlaceNames.ReplicaSet(layout.View.DeploymentName, name),
                NamespaceProperty = layout.View.Canary.Namespace,
                Labels = labels,
                Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { [ApiNames.CanaryAnnotation] = layout.View.Canary.Name },
                OwnerReferences = [layout.View.Canary.Reference],
            },
            Spec = new V1ReplicaSetSpec
            {
                Replicas = size,
                MinReadySeconds = layout.Deployment.Spec.MinReadySeconds,
                Selector = new V1LabelSelector
                {
                    MatchLabels = new Dictionary<string, string>(selector.MatchLabels ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [InPlaceNames.HashLabel] = name },
                    MatchExpressions = selector.MatchExpressions,
                },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = pods, Annotations = template.Metadata?.Annotations, Finalizers = template.Metadata?.Finalizers },
                    Spec = template.Spec,
                },
            },
        };
    }
}
