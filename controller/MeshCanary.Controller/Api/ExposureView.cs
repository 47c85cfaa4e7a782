namespace MeshCanary.Controller.Api;

/// <summary>What a run may cost at most. Limits are null where there is none.</summary>
/// <param name="MaxRequests">Requests that it may cost.</param>
/// <param name="GivenRequests">Of them those that proxies were given to spend.</param>
/// <param name="SpentRequests">Of them those that were spent.</param>
/// <param name="MaxFailures">Failures that it may cost.</param>
/// <param name="GivenFailures">Of them those that proxies were given.</param>
/// <param name="SpentFailures">Of them those that happened.</param>
public sealed record ExposureView(
    long? MaxRequests, long GivenRequests, long SpentRequests, long? MaxFailures, long GivenFailures, long SpentFailures);
