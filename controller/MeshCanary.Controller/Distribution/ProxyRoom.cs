namespace MeshCanary.Controller.Distribution;

/// <summary>Proxies that share a configuration.</summary>
/// <param name="Registry">Those that are there.</param>
/// <param name="Sessions">Opens their sessions.</param>
/// <param name="ReportInterval">How often they report.</param>
internal sealed record ProxyRoom(ProxyRegistry Registry, SessionFactory Sessions, TimeSpan ReportInterval);
