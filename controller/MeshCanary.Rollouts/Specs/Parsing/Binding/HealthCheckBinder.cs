using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.workload.healthCheck</c>.</summary>
internal static class HealthCheckBinder
{
    private const string Example = "healthCheck: { path: /healthz } or { grpc: { service: checkout } }";
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static HealthCheckSpec? Bind(Value? check, Value? healthPath, ErrorList errors)
    {
        var fields = FieldSet.Of(check, errors, Example);
        if (fields is null)
            return null;
        if (healthPath is not null)
            errors.Add(fields.At, "is given beside healthPath, its short form", "Keep one of them");
        var given = fields.Optional("path");
        var path = Names.Path(given, errors, "/healthz");
        var grpc = fields.Optional("grpc");
        var service = grpc is null ? null : Service(grpc, errors);
        var interval = Durations.Read(fields.Optional("interval"), errors, TimeSpan.FromMilliseconds(100), Longest, "2s");
        var timeout = Durations.Read(fields.Optional("timeout"), errors, TimeSpan.FromMilliseconds(10), Longest, "2s");
        fields.Close();
        if (given is null == grpc is null)
            errors.Add(fields.At, given is null ? "names neither a path nor grpc" : "names a path and grpc", $"Write one of them: {Example}");
        return path is null && service is null ? null : new HealthCheckSpec { Path = path, GrpcService = service, Interval = interval, Timeout = timeout };
    }

    private static string? Service(Value? grpc, ErrorList errors)
    {
        // The server as a whole: { grpc: {} }.
        var fields = FieldSet.Of(grpc, errors, "grpc: { service: checkout }, or grpc: {} for the server as a whole");
        if (fields is null)
            return null;
        var service = Scalars.Text(fields.Optional("service"), errors, "checkout.v1.Checkout") ?? "";
        fields.Close();
        return service;
    }
}
