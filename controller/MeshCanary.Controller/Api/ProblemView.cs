using System.Collections.Immutable;

namespace MeshCanary.Controller.Api;

/// <summary>Problem details as of RFC 9457.</summary>
/// <param name="Type">Kind of the problem as a URI.</param>
/// <param name="Title">In short.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">In plain words, with what to do.</param>
/// <param name="Errors">Every fault found, when there are several.</param>
internal sealed record ProblemView(string Type, string Title, int Status, string Detail, ImmutableArray<string> Errors);
