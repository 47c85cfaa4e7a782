using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Endpoints;

/// <summary>State of one endpoint in one metric.</summary>
/// <param name="Without">The FAIL process without the endpoint.</param>
/// <param name="Apart">The process "worse than the other endpoints".</param>
/// <param name="OtherRequests">Requests of the other endpoints.</param>
/// <param name="OtherEvents">Bad ones of the other endpoints.</param>
public sealed record EndpointMetricState(ProcessState Without, ProcessState Apart, long OtherRequests, long OtherEvents);
