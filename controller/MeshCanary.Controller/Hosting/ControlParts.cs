using MeshCanary.Controller.Distribution;

namespace MeshCanary.Controller.Hosting;

/// <summary>Who decides on proxies that connect.</summary>
/// <param name="Leadership">Whether they are right here.</param>
/// <param name="Gate">Who they are.</param>
/// <param name="Directory">What they get.</param>
/// <param name="Time">The clock.</param>
internal sealed record ControlParts(ILeadership Leadership, IProxyGate Gate, IProxyDirectory Directory, TimeProvider Time);
