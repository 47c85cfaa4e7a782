namespace MeshCanary.Controller.Distribution;

/// <summary>There is one controller only.</summary>
internal sealed class SoleController : ILeadership
{
    /// <inheritdoc/>
    public bool IsLeading => true;

    /// <inheritdoc/>
    public string? Leader => null;
}
