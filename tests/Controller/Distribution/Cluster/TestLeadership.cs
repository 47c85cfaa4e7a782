using MeshCanary.Controller.Distribution;

namespace MeshCanary.Controller.Tests.Distribution.Cluster;

/// <summary>Leads when the test says so.</summary>
internal sealed class TestLeadership : ILeadership
{
    public bool IsLeading { get; set; } = true;

    public string? Leader { get; set; }
}
