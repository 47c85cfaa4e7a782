using MeshCanary.Contracts.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>Finds every fault in what an arm says of its endpoints' health, outliers, protocol and TLS.</summary>
internal static class EndpointFaults
{
    private const uint LongestMilliseconds = 24 * 60 * 60 * 1000;

    /// <summary>Looks at what an arm says.</summary>
    /// <param name="name">What the arm is called in a message.</param>
    /// <param name="arm">The arm.</param>
    public static IEnumerable<string> Of(string name, Arm arm)
    {
        string[] faults =
        [
            .. HealthCheckFaults(arm.HealthCheck),
            .. OutlierFaults(arm.Outliers),
            .. TooLong("slow_start_ms", arm.SlowStartMs),
            .. ProtocolFaults(arm.Protocol),
            .. TlsFaults(arm.Tls),
        ];
        return faults.Select(fault => $"{name}.{fault}");
    }

    /// <summary>
    /// Looks at the files that TLS settings name. Only for settings that are new: files that are in use and broken for
    /// the moment must not stand in the way of a change of weight.
    /// </summary>
    /// <returns>What is wrong with them, or null.</returns>
    public static string? OfFiles(UpstreamTls tls, TimeProvider time)
    {
        try
        {
            new TlsFiles(tls, time, NullLogger<TlsFiles>.Instance).Current();
            return null;
        }
        catch (IOException unusable)
        {
            return unusable.Message;
        }
    }

    private static IEnumerable<string> HealthCheckFaults(HealthCheck? check)
    {
        if (check is null)
            return [];
        string[] probe = check.ProbeCase switch
        {
            HealthCheck.ProbeOneofCase.None => ["health_check: names neither http_path nor grpc; leave it out for no health check."],
            HealthCheck.ProbeOneofCase.HttpPath when !check.HttpPath.StartsWith('/') || !Uri.TryCreate($"http://host{check.HttpPath}", UriKind.Absolute, out _) =>
                [$"health_check.http_path: '{check.HttpPath}' is not a path that starts with '/'."],
            _ => [],
        };
        return [.. probe, .. TooLong("health_check.interval_ms", check.IntervalMs), .. TooLong("health_check.timeout_ms", check.TimeoutMs)];
    }

    private static IEnumerable<string> OutlierFaults(OutlierEjection? outliers)
    {
        if (outliers is null)
            yield break;
        if (outliers.MaxEjectedPercent > 100)
            yield return $"outliers.max_ejected_percent: {outliers.MaxEjectedPercent} is above 100.";
        if (outliers.Unreachable > int.MaxValue || outliers.Failures > int.MaxValue)
            yield return $"outliers: a number of failures is above {int.MaxValue}.";
        foreach (var fault in TooLong("outliers.pause_ms", outliers.PauseMs))
            yield return fault;
    }

    private static IEnumerable<string> ProtocolFaults(UpstreamProtocol protocol)
    {
        if (!Enum.IsDefined(protocol))
            yield return $"protocol: {(int)protocol} is none that this proxy knows; see whether the controller is newer than the proxy.";
    }

    private static IEnumerable<string> TlsFaults(UpstreamTls? tls)
    {
        if (tls is null)
            yield break;
        if (tls.ServerName.Length > 0 && Uri.CheckHostName(tls.ServerName) == UriHostNameType.Unknown)
            yield return $"tls.server_name: '{tls.ServerName}' is not a host name.";
        if (tls.CertificateFile.Length > 0 != tls.KeyFile.Length > 0)
            yield return "tls: certificate_file and key_file belong together; give both or neither.";
    }

    private static IEnumerable<string> TooLong(string field, uint milliseconds)
    {
        if (milliseconds > LongestMilliseconds)
            yield return $"{field}: {milliseconds} is above a day ({LongestMilliseconds}).";
    }
}
