namespace MeshCanary.Controller.Traffic.InCluster.Objects;

/// <summary>A port that the pods behind a Service listen on, and so their proxies.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Name">Its name in the pods, by which a Service may mean it; empty for none.</param>
/// <param name="IsSplit">Whether its traffic is split.</param>
/// <param name="ServicePort">Name of the Service's port that leads to it; empty for the only one of a Service, which needs none.</param>
internal sealed record ProxyPort(int Number, string Name, bool IsSplit, string ServicePort = "");
