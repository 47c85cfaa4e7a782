using MeshCanary.Proxy.Recording;
using MeshCanary.Splitting.Choosing;

namespace MeshCanary.Proxy.Routing;

/// <summary>The arm that was drawn for a request.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="FirstVisit">Where to count, beside the arm, that a user's first request ended; null for any other request.</param>
internal readonly record struct ArmPick(Arm Arm, OutcomeCells? FirstVisit);
