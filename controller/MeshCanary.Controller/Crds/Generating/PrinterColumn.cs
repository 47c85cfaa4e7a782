namespace MeshCanary.Controller.Crds.Generating;

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="Name">Its head.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Path">Where the value is.</param>
/// <param name="Description">What it is.</param>
/// <param name="Priority">0: always shown; 1: with <c>-o wide</c>.</param>
internal sealed record PrinterColumn(string Name, string Type, string Path, string Description, int Priority = 0);
