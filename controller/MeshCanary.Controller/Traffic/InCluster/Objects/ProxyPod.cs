using System.Globalization;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Distribution.Cluster;

namespace MeshCanary.Controller.Traffic.InCluster.Objects;

/// <summary>The pods of one Canary's proxies. Pure.</summary>
internal static class ProxyPod
{
    private const int AdminPort = 15081;
    private const int FirstOpenPort = 1024;
    private const int TokenSeconds = 3600;
    private const string TokenFolder = "/var/run/meshcanary/token";
    private const string AuthorityFolder = "/var/run/meshcanary/ca";
    private const string StateFolder = "/var/lib/meshcanary";

    // Between the last request's limit and being killed: the last report and the way out.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>Their template. It has none of the labels of the user's pods, so that no selector of theirs finds it.</summary>
    public static JsonObject Template(ProxyOwner owner, ProxyPorts ports, ProxySettings settings, bool version6)
    {
        var admin = ports.Free(AdminPort);
        var spec = new JsonObject
        {
            ["serviceAccountName"] = owner.ProxyName,
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["terminationGracePeriodSeconds"] = (int)(settings.DrainDelay + settings.DrainTimeout + Margin).TotalSeconds,
            ["securityContext"] = PodSecurity(ports, settings),
            ["topologySpreadConstraints"] = new JsonArray(Spread(owner, "kubernetes.io/hostname"), Spread(owner, "topology.kubernetes.io/zone")),
            ["containers"] = new JsonArray(Container(owner, ports, settings, admin, version6 ? "[::]" : "0.0.0.0")),
            ["volumes"] = Volumes(owner),
        };
        if (settings.ImagePullSecrets.Length > 0)
            spec["imagePullSecrets"] = new JsonArray([.. settings.ImagePullSecrets.Select(secret => new JsonObject { ["name"] = secret })]);
        return new JsonObject { ["metadata"] = new JsonObject { ["labels"] = owner.Selector() }, ["spec"] = spec };
    }

    private static JsonObject PodSecurity(ProxyPorts ports, ProxySettings settings)
    {
        var security = new JsonObject
        {
            ["runAsNonRoot"] = true,
            ["runAsUser"] = settings.User,
            ["runAsGroup"] = settings.User,
            // Makes the token readable.
            ["fsGroup"] = settings.User,
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
        };
        if (ports.Ports.Any(port => port.Number < FirstOpenPort))
            security["sysctls"] = new JsonArray(new JsonObject { ["name"] = "net.ipv4.ip_unprivileged_port_start", ["value"] = "0" });
        return security;
    }

    private static JsonObject Container(ProxyOwner owner, ProxyPorts ports, ProxySettings settings, int admin, string any)
    {
        string[] arguments =
        [
            "proxy",
            "--name=$(POD_NAME)",
            $"--canary={owner.Key}",
            $"--controller={settings.Controller.GetLeftPart(UriPartial.Authority)}",
            $"--token-file={TokenFolder}/token",
            $"--ca={AuthorityFolder}/{ProxyObjects.AuthorityKey}",
            $"--snapshot-file={StateFolder}/snapshot",
            $"--admin={any}:{Text(admin)}",
            .. ports.Ports.Select(port => port.Number).Distinct().Select(number => $"--listen={any}:{Text(number)}"),
            $"--drain-delay={Text((int)settings.DrainDelay.TotalSeconds)}s",
            $"--drain-timeout={Text((int)settings.DrainTimeout.TotalSeconds)}s",
        ];
        return new JsonObject
        {
            ["name"] = "proxy",
            ["image"] = settings.Image,
            ["imagePullPolicy"] = settings.ImagePullPolicy,
            ["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]),
            ["env"] = new JsonArray(new JsonObject
            {
                ["name"] = "POD_NAME",
                ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.name" } },
            }),
            ["ports"] = new JsonArray([.. ports.Ports.Select(Port), Port(new ProxyPort(admin, AdminName(ports), false))]),
            // Ready is who has a configuration; it stays so without a controller.
            ["readinessProbe"] = Probe("/readyz", admin, seconds: 2),
            ["livenessProbe"] = Probe("/healthz", admin, seconds: 10),
            ["resources"] = new JsonObject
            {
                ["requests"] = new JsonObject { ["cpu"] = settings.CpuRequest, ["memory"] = settings.MemoryRequest },
                ["limits"] = new JsonObject { ["memory"] = settings.MemoryLimit },
            },
            ["securityContext"] = new JsonObject
            {
                ["allowPrivilegeEscalation"] = false,
                ["readOnlyRootFilesystem"] = true,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            },
            ["volumeMounts"] = new JsonArray(
                new JsonObject { ["name"] = "token", ["mountPath"] = TokenFolder, ["readOnly"] = true },
                new JsonObject { ["name"] = "ca", ["mountPath"] = AuthorityFolder, ["readOnly"] = true },
                new JsonObject { ["name"] = "state", ["mountPath"] = StateFolder }),
        };
    }

    private static JsonArray Volumes(ProxyOwner owner) =>
    [
        new JsonObject
        {
            ["name"] = "token",
            ["projected"] = new JsonObject
            {
                ["sources"] = new JsonArray(new JsonObject
                {
                    ["serviceAccountToken"] = new JsonObject { ["audience"] = ProxyNames.Audience, ["expirationSeconds"] = TokenSeconds, ["path"] = "token" },
                }),
            },
        },
        new JsonObject { ["name"] = "ca", ["configMap"] = new JsonObject { ["name"] = owner.ProxyName } },
        new JsonObject { ["name"] = "state", ["emptyDir"] = new JsonObject() },
    ];

    private static JsonObject Spread(ProxyOwner owner, string over) => new()
    {
        ["maxSkew"] = 1,
        ["topologyKey"] = over,
        ["whenUnsatisfiable"] = "ScheduleAnyway",
        ["labelSelector"] = new JsonObject { ["matchLabels"] = owner.Selector() },
    };

    private static JsonObject Probe(string path, int port, int seconds) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = port },
        ["periodSeconds"] = seconds,
        ["timeoutSeconds"] = 2,
        ["failureThreshold"] = 3,
    };

    // Server-side apply on old servers refuses a port without a protocol.
    private static JsonObject Port(ProxyPort port)
    {
        var written = new JsonObject { ["containerPort"] = port.Number, ["protocol"] = "TCP" };
        if (port.Name.Length > 0)
            written["name"] = port.Name;
        return written;
    }

    private static string AdminName(ProxyPorts ports) => ports.Ports.Any(port => port.Name == "mc-admin") ? "" : "mc-admin";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
