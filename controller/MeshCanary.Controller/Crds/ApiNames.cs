namespace MeshCanary.Controller.Crds;

/// <summary>The names that MeshCanary has in a cluster.</summary>
internal static class ApiNames
{
    public const string Group = "meshcanary.io";
    public const string Version = "v1alpha1";
    public const string GroupVersion = $"{Group}/{Version}";

    public const string Canary = "Canary";
    public const string Canaries = "canaries";
    public const string MetricTemplate = "MetricTemplate";
    public const string MetricTemplates = "metrictemplates";

    /// <summary>What our labels, annotations and selectors begin with.</summary>
    public const string Prefix = $"{Group}/";

    /// <summary>Who we are in <c>managedFields</c>.</summary>
    public const string FieldManager = "meshcanary";

    /// <summary>Keeps a Canary until all that it changed is given back.</summary>
    public const string Finalizer = $"{Group}/release";

    /// <summary>Label, <c>true</c>, on Deployments and Services under a Canary: only what has it reaches our webhooks.</summary>
    public const string ManagedLabel = $"{Group}/managed";

    /// <summary>Label, <c>annotations</c>, on a Canary that was made from a Service's annotations.</summary>
    public const string FromLabel = $"{Group}/from";

    /// <summary>Value of <see cref="FromLabel"/>.</summary>
    public const string FromAnnotations = "annotations";

    /// <summary>Annotation on a Deployment or Service: the name of the Canary that it is under.</summary>
    public const string CanaryAnnotation = $"{Group}/canary";

    /// <summary>Annotation on a paused Deployment: we hold it; the value is the revision that was promoted last.</summary>
    public const string HeldAnnotation = $"{Group}/held";

    /// <summary>Annotation on a Deployment: who resumed it by hand while we held it.</summary>
    public const string ResumedByAnnotation = $"{Group}/resumed-by";

    /// <summary>Annotation on a Service: the selector that its owner wrote, as JSON, while ours is in its place.</summary>
    public const string OriginalSelectorAnnotation = $"{Group}/original-selector";

    /// <summary>Annotation on a Service that a mesh splits: the selector that we wrote last, as JSON. One that differs was written by somebody else.</summary>
    public const string PinnedSelectorAnnotation = $"{Group}/pinned-selector";

    /// <summary>Annotation on a route of the user: the parts of it that we changed as its owner wrote them, as JSON, by the Canary.</summary>
    public const string OriginalRoutesAnnotation = $"{Group}/original-routes";

    /// <summary>Annotation on an object of a mesh that is ours: what it was written for.</summary>
    public const string RoutePlanAnnotation = $"{Group}/route-plan";
}
