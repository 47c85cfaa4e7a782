using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.Cluster.Tests.Harness;

/// <summary>Moves the tests into the cluster's namespaces before anything of theirs runs.</summary>
internal static class Start
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries", Justification = "This is a program; its Main is generated.")]
    internal static void Enter() => OwnNamespace.Enter();
}
