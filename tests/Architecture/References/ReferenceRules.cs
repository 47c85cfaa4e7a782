using MeshCanary.Architecture.Tests.Sources;

namespace MeshCanary.Architecture.Tests.References;

/// <summary>References point one way only.</summary>
internal static class ReferenceRules
{
    /// <summary>Every project but the test projects. Add a new one here consciously, or widen a line, with a reason.</summary>
    public static readonly IReadOnlyDictionary<string, AllowedReferences> Allowed = new Dictionary<string, AllowedReferences>
    {
        ["MeshCanary.Analysis"] = new([], ["MathNet.Numerics"]),
        ["MeshCanary.Splitting"] = new([], ["System.IO.Hashing"]),
        ["MeshCanary.Contracts"] = new([], ["Google.Protobuf", "Grpc.Net.Client", "Grpc.Tools"]),
        ["MeshCanary.Rollouts"] = new(["MeshCanary.Analysis", "MeshCanary.Splitting"], ["YamlDotNet"]),
        ["MeshCanary.Proxy"] = new(["MeshCanary.Contracts", "MeshCanary.Splitting"]),
        ["MeshCanary.Controller"] = new(
            ["MeshCanary.Machinery", "MeshCanary.Rollouts", "MeshCanary.Contracts", "MeshCanary.Analysis", "MeshCanary.Splitting"]),
        // It keeps objects and queues and knows no Canary.
        ["MeshCanary.Machinery"] = new([]),
        ["MeshCanary.Cli"] = new(
        [
            "MeshCanary.Controller", "MeshCanary.Machinery", "MeshCanary.Proxy", "MeshCanary.Rollouts", "MeshCanary.Contracts",
            "MeshCanary.Analysis", "MeshCanary.Splitting",
        ]),
        ["MeshCanary.SampleService"] = new([]),
        ["MeshCanary.Testing"] = new(["MeshCanary.Contracts"]),
        // Its pods run the program and the sample service, which therefore lie beside it; it calls neither.
        ["MeshCanary.TestCluster"] = new(["MeshCanary.Cli", "MeshCanary.Contracts", "MeshCanary.SampleService", "MeshCanary.Testing"]),
        ["MeshCanary.Analysis.Benchmarks"] = new(["MeshCanary.Analysis"]),
        ["MeshCanary.Analysis.Simulator"] = new(["MeshCanary.Analysis"]),
        ["MeshCanary.Soak"] = new(["MeshCanary.Contracts", "MeshCanary.Testing"]),
        ["MeshCanary.StockYarp"] = new([]),
        ["MeshCanary.Pacer"] = new([]),
        ["MeshCanary.WeightChange"] = new(["MeshCanary.Contracts"]),
    };

    // Who may know Kubernetes is a short list; the proxy and the pure projects are never on it.
    private static readonly string[] MayKnowKubernetes = ["MeshCanary.Controller", "MeshCanary.Machinery", "MeshCanary.Cli", "MeshCanary.TestCluster"];

    /// <summary>What a project references and may not.</summary>
    public static IEnumerable<string> Violations(ProjectFile project)
    {
        if (project.IsTest)
            return [];

        if (!Allowed.TryGetValue(project.Name, out var allowed))
            return [$"{project.RelativePath}: {project.Name} is in no line of {nameof(ReferenceRules)}.{nameof(Allowed)}; add it there."];

        var forbidden = project.Projects.Except(allowed.Projects);
        if (allowed.IsPure)
            forbidden = forbidden.Concat(project.Packages.Except(allowed.Packages!)).Concat(project.Frameworks);
        if (!MayKnowKubernetes.Contains(project.Name))
            forbidden = forbidden.Concat(project.Packages.Where(p => p.StartsWith("Kubernetes", StringComparison.OrdinalIgnoreCase)));
        return forbidden.Distinct().Select(reference => $"{project.RelativePath}: {project.Name} may not reference {reference}.");
    }

    /// <summary>A project that is not in the solution is built and tested by nobody.</summary>
    public static IEnumerable<string> SolutionViolations(ProjectFile project, string solution) =>
        solution.Replace('\\', '/').Contains($"\"{project.RelativePath}\"", StringComparison.Ordinal)
            ? []
            : [$"{project.RelativePath}: is not in the solution; run `dotnet sln add {project.RelativePath}`."];

    /// <summary>Whether a project reaches another through any number of allowed references.</summary>
    public static bool Reaches(string from, string to) =>
        Allowed[from].Projects.Any(next => next == to || Reaches(next, to));
}
