namespace MeshCanary.Machinery.Informers;

/// <summary>Which part of a collection.</summary>
/// <param name="Namespace">The namespace, or null for all.</param>
/// <param name="LabelSelector">Labels, or null.</param>
/// <param name="FieldSelector">Fields, or null.</param>
internal sealed record ListScope(string? Namespace, string? LabelSelector, string? FieldSelector);
