using MeshCanary.Controller.Admission.Validating;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery.Informers;

namespace MeshCanary.Controller.Keeping;

/// <summary>What the Canaries of the cluster claim, as this replica has seen them.</summary>
internal sealed class CanaryClaims : ICanaryClaims
{
    private readonly ObjectIndex<CanaryObject> _byNamespace;

    public CanaryClaims(ObjectStore<CanaryObject> canaries) => _byNamespace = canaries.AddIndex(canary => [canary.Metadata.NamespaceProperty]);

    /// <inheritdoc/>
    public IEnumerable<CanaryClaim> In(string @namespace) =>
        _byNamespace.Find(@namespace).Where(canary => canary.Metadata.DeletionTimestamp is null).Select(CanaryClaim.Of);
}
