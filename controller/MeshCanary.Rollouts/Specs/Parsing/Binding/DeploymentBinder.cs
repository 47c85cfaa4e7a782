using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.workload</c> on Kubernetes.</summary>
internal static class DeploymentBinder
{
    public const string Example = "workload: { kind: Deployment, name: checkout }";

    private const string Kind = "Deployment";

    public static WorkloadSpec? Bind(Value? workload, ErrorList errors)
    {
        var fields = FieldSet.Of(workload, errors, Example);
        if (fields is null)
            return null;
        var kind = fields.Required("kind", $"kind: {Kind}");
        if (Scalars.Text(kind, errors, Kind) is { } text && text != Kind)
            errors.Add(kind!.Value, $"the workload kind '{text}' is not supported on Kubernetes by this version, which has: {Kind}", Remedy(text));
        var name = Names.Subdomain(fields.Required("name", "name: checkout"), errors, "checkout");
        fields.Refuse("stable", "belongs to kind Static: the stable version is what the Deployment runs when it is adopted", "Remove it");
        var hold = Scalars.OneOf(fields.Optional("hold"), errors, "webhook", "always", "repair");
        var snapshots = Scalars.OneOf(fields.Optional("configSnapshots"), errors, "false", "true") == "true";
        var release = Scalars.OneOf(fields.Optional("onRelease"), errors, "hold", "resume");
        var drain = Durations.Read(fields.Optional("drainTime"), errors, TimeSpan.Zero, Durations.Longest, "40s, or 0s for none");
        var given = fields.Optional("healthPath");
        var health = Names.Path(given, errors, "/healthz");
        var check = HealthCheckBinder.Bind(fields.Optional("healthCheck"), given, errors);
        fields.Close();
        return name is null
            ? null
            : new WorkloadSpec
            {
                Kind = Kind,
                Name = name,
                HealthPath = health ?? "",
                HealthCheck = check,
                DrainTime = drain,
                Deployment = new DeploymentSpec
                {
                    Hold = hold switch { "always" => HoldMode.Always, "repair" => HoldMode.Repair, _ => HoldMode.Webhook },
                    ConfigSnapshots = snapshots,
                    OnRelease = release == "resume" ? ReleaseAction.Resume : ReleaseAction.Hold,
                },
            };
    }

    private static string Remedy(string kind) => kind switch
    {
        "Static" => "Write kind: Deployment; addresses are for meshcanary serve",
        "StatefulSet" => "Move what serves requests into a Deployment: the pods of a StatefulSet have names and disks of their own, of which a second version cannot run beside the first",
        "DaemonSet" => "Move what serves requests into a Deployment: a DaemonSet has one pod on every node, and no place for a second version",
        _ => $"Write kind: {Kind}",
    };
}
