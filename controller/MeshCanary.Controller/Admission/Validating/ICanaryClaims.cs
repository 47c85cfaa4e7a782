namespace MeshCanary.Controller.Admission.Validating;

/// <summary>What the Canaries that exist claim.</summary>
internal interface ICanaryClaims
{
    /// <summary>The claims in a namespace.</summary>
    IEnumerable<CanaryClaim> In(string @namespace);
}
