using System.Text;
using k8s.Models;
using MeshCanary.TestCluster.Images;
using MeshCanary.TestCluster.Networking;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>
/// Writes the script that starts a container: a root folder in memory with the machine's programs and nothing else of
/// it, <c>/etc</c> with the pod's own names, and the volumes; and then the command in place of the script.
/// </summary>
internal static class ContainerScript
{
    // The machine's programs. The rest of the machine is out of sight; what an image needs beside these it names.
    private static readonly string[] Shared = ["bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "opt", "proc", "sys", "dev"];

    /// <summary>Writes it.</summary>
    /// <param name="folder">The container's folder, which gets the script and the root.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="image">Its image.</param>
    /// <param name="volumes">The pod's volumes.</param>
    /// <param name="address">The pod's address.</param>
    /// <returns>The path of the script; its arguments are the command.</returns>
    public static string Write(string folder, V1Pod pod, V1Container container, Image image, PodVolumes volumes, string address)
    {
        Directory.CreateDirectory(Path.Combine(folder, "root"));
        WriteEtc(Path.Combine(folder, "etc"), pod, address);
        var text = new StringBuilder();
        text.AppendLine("set -e");
        text.AppendLine("hostname \"$HOSTNAME\"");
        text.AppendLine($"cd {Quote(folder)}");
        text.AppendLine("mount -t tmpfs -o mode=0755 tmpfs root");
        text.AppendLine("mkdir -p root/etc root/run/lock root/tmp root/var/tmp etc-work");
        text.AppendLine("chmod 1777 root/tmp root/var/tmp");
        text.AppendLine("ln -s ../run root/var/run");
        foreach (var name in Shared)
            Share(text, name);
        text.AppendLine("mount -t overlay overlay -o lowerdir=/etc,upperdir=etc,workdir=etc-work root/etc");
        foreach (var shared in image.Folders)
            Bind(text, shared, shared, readOnly: false);
        foreach (var mount in container.VolumeMounts ?? [])
            Bind(text, Path.Combine(volumes.PathOf(mount.Name), mount.SubPath ?? ""), mount.MountPath, mount.ReadOnlyProperty == true);
        text.AppendLine($"exec chroot root /bin/sh -c 'cd \"$0\" && exec \"$@\"' {Quote(container.WorkingDir ?? "/")} \"$@\"");

        var script = Path.Combine(folder, "start.sh");
        File.WriteAllText(script, text.ToString());
        return script;
    }

    // A folder is bound; what is a link to another one of these folders is made again.
    private static void Share(StringBuilder text, string name)
    {
        var path = "/" + name;
        if (new DirectoryInfo(path) is { LinkTarget: { } target })
            text.AppendLine($"ln -s {Quote(target)} root/{name}");
        else if (Directory.Exists(path))
            text.AppendLine($"mkdir root/{name}; mount --rbind {path} root/{name}");
    }

    private static void Bind(StringBuilder text, string source, string target, bool readOnly)
    {
        var to = Quote("root" + target);
        text.AppendLine($"if [ -d {Quote(source)} ]; then mkdir -p {to}; else mkdir -p \"$(dirname {to})\"; [ -e {to} ] || touch {to}; fi");
        text.AppendLine($"mount --bind {Quote(source)} {to}");
        if (readOnly)
            text.AppendLine($"mount -o remount,bind,ro {to}");
    }

    private static void WriteEtc(string folder, V1Pod pod, string address)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "resolv.conf"), NameServer.ResolverFile(pod.Metadata.NamespaceProperty));
        File.WriteAllText(Path.Combine(folder, "hosts"), $"127.0.0.1 localhost\n::1 localhost\n{address} {pod.Spec.Hostname ?? pod.Metadata.Name}\n");
        File.WriteAllText(Path.Combine(folder, "hostname"), $"{pod.Spec.Hostname ?? pod.Metadata.Name}\n");
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
