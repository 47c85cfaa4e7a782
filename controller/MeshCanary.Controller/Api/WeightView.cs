namespace MeshCanary.Controller.Api;

/// <summary>The canary's share in basis points: as decided, as acknowledged by every proxy, as measured over the last interval.</summary>
/// <param name="Desired">As decided.</param>
/// <param name="Acknowledged">As acknowledged by every connected proxy; null while they differ or none is connected.</param>
/// <param name="Measured">As drawn over the last analysed interval; null without requests.</param>
public sealed record WeightView(int Desired, int? Acknowledged, int? Measured);
