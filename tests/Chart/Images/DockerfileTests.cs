using System.Text.RegularExpressions;
using System.Xml.Linq;
using MeshCanary.Chart.Tests.Harness;

namespace MeshCanary.Chart.Tests.Images;

/// <summary>What can be said of the images without building them.</summary>
public sealed partial class DockerfileTests
{
    private const string Program = "cli/MeshCanary.Cli/MeshCanary.Cli.csproj";

    public static TheoryData<string> Files => ["controller/Dockerfile", "proxy/Dockerfile"];

    public static TheoryData<string> AndTheSample => [.. Files, "examples/MeshCanary.SampleService/Dockerfile"];

    [Theory]
    [MemberData(nameof(AndTheSample))]
    public void Sources_AllOfThem_ExistAndAreSent(string path)
    {
        var own = $"{path}.dockerignore";
        var allowed = Repository.Read(Path.Exists(Repository.PathOf(own)) ? own : ".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..].Trim()).ToArray();
        var copies = new Dockerfile(path).Copies.ToArray();
        Assert.NotEmpty(copies);
        Assert.All(copies, copy =>
        {
            Assert.True(Path.Exists(Repository.PathOf(copy.Source)), $"{path} copies {copy.Source}, which is not there.");
            Assert.Contains(copy.Source, allowed);
        });
        Assert.Equal(allowed.Order(StringComparer.Ordinal), copies.Select(copy => copy.Source).Order(StringComparer.Ordinal));
    }

    // A project that is referenced and not copied breaks the build in the image only.
    [Theory]
    [MemberData(nameof(Files))]
    public void Projects_ThatTheProgramNeeds_AreCopied(string path)
    {
        var copied = new Dockerfile(path).Copies.Select(copy => copy.Source).ToArray();
        Assert.All(Closure(Program), project => Assert.Contains(copied, source => project.StartsWith(source + "/", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Entrypoint_IsTheProgramThatIsPublished(string path)
    {
        var file = new Dockerfile(path);
        var publish = Assert.Single(file.All("RUN"), text => text.Contains("dotnet publish", StringComparison.Ordinal));
        var project = Published().Match(publish).Groups["project"].Value;
        Assert.Equal(Program, project);
        var assembly = XDocument.Load(Repository.PathOf(project.Split('/'))).Descendants("AssemblyName").Single().Value;
        Assert.Contains(" -o /app", publish, StringComparison.Ordinal);
        Assert.Equal("--from=build /app ./", Assert.Single(file.All("COPY"), text => text.StartsWith("--from", StringComparison.Ordinal)));
        Assert.Equal($"[\"/app/{assembly}\"]", Assert.Single(file.All("ENTRYPOINT")));
        Assert.Equal($"[\"{path.Split('/')[0]}\"]", Assert.Single(file.All("CMD")));
    }

    [Theory]
    [MemberData(nameof(AndTheSample))]
    public async Task Image_HasNoShellAndRunsAsTheUserOfTheChart(string path)
    {
        var file = new Dockerfile(path);
        Assert.EndsWith("-chiseled AS final", file.All("FROM").Last(), StringComparison.Ordinal);
        Assert.DoesNotContain(file.Instructions, instruction => instruction.Name is "ADD" or "SHELL");
        Assert.All(file.All("FROM"), from => Assert.DoesNotMatch(":latest|^[^:]+$", from));
        var pod = (await Rendered.WithAsync()).The("Deployment", "mc-meshcanary").Pod!["spec"]!["securityContext"]!;
        Assert.Equal($"{pod["runAsUser"]}:{pod["runAsGroup"]}", Assert.Single(file.All("USER")));
    }

    [Fact]
    public async Task Ports_OfTheControllersImage_AreThoseOfTheChart()
    {
        var container = Assert.Single((await Rendered.WithAsync()).The("Deployment", "mc-meshcanary").Containers);
        var ports = container["ports"]!.AsArray().Select(port => port!["containerPort"]!.ToString()).Order(StringComparer.Ordinal);
        Assert.Equal(ports, Assert.Single(new Dockerfile("controller/Dockerfile").All("EXPOSE")).Split(' ').Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Version_IsThatOfTheChart(string path)
    {
        var chart = Assert.Single(Yaml.Documents(Repository.Read("charts", "meshcanary", "Chart.yaml")));
        var product = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Equal((product, product), ((string?)chart["appVersion"], (string?)chart["version"]));
        Assert.Contains($"VERSION={product}", new Dockerfile(path).All("ARG"));
    }

    private static HashSet<string> Closure(string project)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([project]);
        while (open.TryDequeue(out var next))
        {
            if (!found.Add(next))
                continue;
            var folder = Path.GetDirectoryName(Repository.PathOf(next.Split('/')))!;
            foreach (var reference in XDocument.Load(Repository.PathOf(next.Split('/'))).Descendants("ProjectReference"))
                open.Enqueue(Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(folder, (string)reference.Attribute("Include")!))).Replace('\\', '/'));
        }

        return found;
    }

    [GeneratedRegex(@"dotnet publish (?<project>\S+)")]
    private static partial Regex Published();
}
