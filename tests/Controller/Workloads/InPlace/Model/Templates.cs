using k8s.Models;

namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>Templates as a server gives them.</summary>
internal static class Templates
{
    public static V1PodTemplateSpec Of(string version, string? config = null) => new()
    {
        Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "web" } },
        Spec = new V1PodSpec
        {
            Containers =
            [
                new V1Container
                {
                    Name = "web",
                    Image = $"registry.example/web:{version}",
                    Ports = [new V1ContainerPort { ContainerPort = 8080, Name = "http" }],
                    EnvFrom = config is null ? null : [new V1EnvFromSource { ConfigMapRef = new V1ConfigMapEnvSource { Name = config } }],
                    Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("100m") } },
                },
            ],
        },
    };
}
