using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// How the endpoints of an arm are spoken to, probed and taken out, and for which port of the proxy. Two arms with equal
/// settings are one group.
/// </summary>
internal sealed record ArmSettings(
    HealthCheck? HealthCheck, UpstreamProtocol Protocol, UpstreamTls? Tls, OutlierRules Outliers, TimeSpan SlowStart, uint Port)
{
    // Copies: the messages of a snapshot are not ours to keep unchanged.
    public static ArmSettings Of(Arm arm, uint port) => new(
        arm.HealthCheck is { ProbeCase: not Contracts.V1.HealthCheck.ProbeOneofCase.None } check ? check.Clone() : null,
        arm.Protocol,
        arm.Tls?.Clone(),
        OutlierRules.Of(arm.Outliers),
        TimeSpan.FromMilliseconds(arm.SlowStartMs),
        port);
}
