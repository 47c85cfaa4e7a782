using MeshCanary.Splitting.Rules;

namespace MeshCanary.Splitting.Tests.Rules;

/// <summary>A request with at most one named part, which is all that one condition needs.</summary>
internal readonly record struct FakeRequest(string Path, RequestPart Part = RequestPart.Header, string Name = "", string? Value = null, string Method = "GET")
    : IRequestFacts
{
    public string? Find(RequestPart part, string name) => part == Part && name == Name ? Value : null;
}
