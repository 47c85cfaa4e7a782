using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MeshCanary.TestCluster.Isolation;

/// <summary>
/// Network, mount and process namespaces of the cluster's own: addresses of pods and Services mean nothing outside,
/// nothing listens on the machine's ports, and whatever the cluster started ends with it.
/// </summary>
public static partial class OwnNamespace
{
    /// <summary>The bridge that pods hang on has this address; it is also the node's.</summary>
    public const string Gateway = "10.98.0.1";

    /// <summary>Where Services have their addresses.</summary>
    public const string ServiceRange = "10.99.0.0/16";

    /// <summary>The folder for everything the cluster writes; it is in memory and goes with the namespace.</summary>
    public const string Folder = "/run/meshcanary";

    internal const string Bridge = "mc0";

    private const string Marker = "MESHCANARY_TEST_NAMESPACE";

    /// <summary>Variables of a program that is started there.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Variables =
        new Dictionary<string, string> { [Marker] = "1", ["PATH"] = $"{Tools.Path}:{Environment.GetEnvironmentVariable("PATH")}" };

    // Names of the cluster are good for this process too. No redirects: pods must go on asking the gateway.
    private const string Prepare = $"""
        set -e
        mount --make-rprivate /
        mount -t tmpfs tmpfs /run
        mkdir -p /run/netns {Folder} /run/lock
        echo nameserver {Gateway} > {Folder}/resolv.conf
        names=$(readlink -m /etc/resolv.conf)
        mkdir -p "$(dirname "$names")"
        [ -e "$names" ] || touch "$names"
        mount --bind {Folder}/resolv.conf "$names"
        ip link set lo up
        ip link add {Bridge} type bridge
        ip address add {Gateway}/16 dev {Bridge}
        ip link set {Bridge} up
        ip route add {ServiceRange} dev {Bridge}
        echo 1 > /proc/sys/net/ipv4/ip_forward
        echo 0 > /proc/sys/net/ipv4/conf/all/send_redirects
        echo 0 > /proc/sys/net/ipv4/conf/{Bridge}/send_redirects
        exec "$@"
        """;

    /// <summary>Whether this process is in namespaces of its own.</summary>
    public static bool IsInside => Environment.GetEnvironmentVariable(Marker) is not null;

    /// <summary>
    /// Starts this program again, with the same arguments, in namespaces of its own and in place of this process. Does
    /// nothing when it is there already. To be called first of all, when nothing is open yet.
    /// </summary>
    /// <exception cref="InvalidOperationException">The machine does not grant namespaces.</exception>
    public static void Enter()
    {
        if (IsInside)
            return;
        var arguments = Split(File.ReadAllText("/proc/self/cmdline"));
        var program = new FileInfo("/proc/self/exe").ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var command = Command(program, arguments[1..]);
        Check();
        foreach (var (name, value) in Variables)
            SetVariable(name, value, 1);
        _ = Execute(command[0], [.. command, null]);
        throw new InvalidOperationException($"{command[0]} could not be started: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>The command that starts a program in namespaces of its own.</summary>
    internal static string[] Command(string program, IEnumerable<string> arguments) =>
        [.. Unshare(), "/bin/sh", "-c", Prepare, "sh", program, .. arguments];

    // Without root a user namespace gives the same rights over everything below.
    private static string[] Unshare()
    {
        string[] user = IsRoot() ? [] : ["--user", "--map-root-user"];
        return ["/usr/bin/unshare", .. user, "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
    }

    private static void Check()
    {
        var command = Unshare();
        var start = new ProcessStartInfo(command[0], [.. command[1..], "true"]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"The test cluster needs namespaces of its own and the machine does not grant them: {complaint.Trim()} "
                + "Run as root, or allow unprivileged user namespaces.");
    }

    private static bool IsRoot() => UserId() == 0;

    private static string[] Split(string text) => text.Split('\0')[..^1];

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();

    // The runtime's own variables are a copy that a new program does not inherit.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
