namespace MeshCanary.Controller.Reconciling;

/// <summary>What became of a request.</summary>
/// <param name="Outcome">Whether it was taken.</param>
/// <param name="Reason">Why not, or why there was nothing to do; null when it was taken.</param>
internal sealed record RequestAnswer(RequestOutcome Outcome, string? Reason)
{
    /// <summary>It is stored.</summary>
    public static RequestAnswer Accepted { get; } = new(RequestOutcome.Accepted, null);
}
