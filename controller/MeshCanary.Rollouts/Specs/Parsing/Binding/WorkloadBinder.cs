using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.workload</c>.</summary>
internal static class WorkloadBinder
{
    private const string Static = "Static";
    private const string StableExample = "stable: { revision: v1, addresses: [http://127.0.0.1:5001] }";

    public static WorkloadSpec? Bind(Value? workload, Platform platform, ErrorList errors)
    {
        if (platform == Platform.Kubernetes)
            return DeploymentBinder.Bind(workload, errors);
        var fields = FieldSet.Of(workload, errors, $"workload: {{ kind: Static, name: checkout, {StableExample} }}");
        if (fields is null)
            return null;
        var kind = fields.Required("kind", "kind: Static");
        if (Scalars.Text(kind, errors, Static) is { } text && text != Static)
            errors.Add(kind!.Value, $"the workload kind '{text}' is not supported by this version, which has: {Static}", "Write kind: Static and give the addresses of the running version");
        var name = Names.Subdomain(fields.Required("name", "name: checkout"), errors, "checkout");
        var stable = Stable(fields.Required("stable", StableExample), errors);
        var given = fields.Optional("healthPath");
        var health = Names.Path(given, errors, "/healthz");
        var check = HealthCheckBinder.Bind(fields.Optional("healthCheck"), given, errors);
        fields.Close();
        return name is null || stable is null ? null : new WorkloadSpec { Kind = Static, Name = name, Stable = stable, HealthPath = health ?? "", HealthCheck = check };
    }

    /// <summary>How a workload is written.</summary>
    public static string Example(Platform platform) => platform == Platform.Kubernetes
        ? DeploymentBinder.Example
        : "workload: { kind: Static, name: checkout, stable: { addresses: [http://127.0.0.1:5001] } }";

    private static Revision? Stable(Value? stable, ErrorList errors)
    {
        var fields = FieldSet.Of(stable, errors, StableExample);
        if (fields is null)
            return null;
        var named = fields.Optional("revision");
        var name = Scalars.Text(named, errors, "v1");
        if (name is not null && RevisionNames.Fault(name) is { } fault)
        {
            errors.Add(named!.Value, fault.TrimEnd('.'), "Write for example v1, or leave it out");
            name = null;
        }

        var given = fields.Required("addresses", "addresses: [http://127.0.0.1:5001]");
        var before = errors.Count;
        var addresses = Lists.Of(given, errors, "[http://127.0.0.1:5001]", item => Address(item, errors));
        fields.Close();
        if (given is null || errors.Count > before)
            return null;
        if (addresses.IsEmpty)
            errors.Add(given.Value, "is empty", "Give at least one address, such as http://127.0.0.1:5001");
        return addresses.IsEmpty ? null : Revision.Create(name, addresses, out _);
    }

    private static string? Address(Value value, ErrorList errors)
    {
        if (Scalars.Text(value, errors, "http://127.0.0.1:5001") is not { } text)
            return null;
        if (EndpointAddress.Normalize(text, out var problem) is { } address)
            return address;
        var cut = problem.LastIndexOf("; ", StringComparison.Ordinal);
        errors.Add(value, problem[..cut], char.ToUpperInvariant(problem[cut + 2]) + problem[(cut + 3)..].TrimEnd('.'));
        return null;
    }
}
