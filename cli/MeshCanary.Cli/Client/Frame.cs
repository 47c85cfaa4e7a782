using MeshCanary.Controller.Api;

namespace MeshCanary.Cli.Client;

/// <summary>What the server shows at one moment.</summary>
/// <param name="Canary">The Canary.</param>
/// <param name="NewEvents">Entries of the decision log since the frame before, oldest first.</param>
internal sealed record Frame(CanaryView Canary, IReadOnlyList<EventView> NewEvents);
