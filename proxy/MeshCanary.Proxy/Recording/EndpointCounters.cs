namespace MeshCanary.Proxy.Recording;

/// <summary>How the requests of one endpoint ended.</summary>
internal sealed class EndpointCounters(string address)
{
    public string Address { get; } = address;

    public OutcomeCells Outcomes { get; } = new();

    /// <summary>Readings in a row that found nothing new. For the reader alone.</summary>
    public int QuietReads { get; set; }
}
