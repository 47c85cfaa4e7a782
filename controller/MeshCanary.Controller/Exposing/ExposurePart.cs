namespace MeshCanary.Controller.Exposing;

/// <summary>What one proxy instance may expose, and did.</summary>
/// <param name="Requests">Requests that it was given; they are never taken back.</param>
/// <param name="Failures">Failures that it was given.</param>
/// <param name="SpentRequests">Requests that it said to have spent.</param>
/// <param name="SpentFailures">Failures that it said to have had: some more than it was given, where several were on their way.</param>
internal sealed record ExposurePart(long Requests, long Failures, long SpentRequests, long SpentFailures)
{
    /// <summary>A proxy that was given nothing.</summary>
    public static ExposurePart None { get; } = new(0, 0, 0, 0);
}
