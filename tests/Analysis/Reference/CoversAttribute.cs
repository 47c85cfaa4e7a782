namespace MeshCanary.Analysis.Tests.Reference;

/// <summary>Says which reference case a test method holds the code to, so that none is forgotten.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class CoversAttribute(string id) : Attribute
{
    public string Id { get; } = id;
}
