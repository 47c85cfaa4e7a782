namespace MeshCanary.Machinery.Tests.Harness;

/// <summary>What API servers say.</summary>
internal static class Json
{
    /// <summary>A Deployment in namespace <c>shop</c>.</summary>
    public static string Deployment(string name, string version, string spec = """{"replicas":1}""", string? uid = null, string extra = "") =>
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"shop","uid":"{{{uid ?? "u-" + name}}}","resourceVersion":"{{{version}}}","labels":{"app":"{{{name}}}"},"managedFields":[{"manager":"x"}]{{{extra}}}},"spec":{{{spec}}}}""";

    public static string List(string version, params string[] items) =>
        $$$"""{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}"},"items":[{{{string.Join(',', items)}}}]}""";

    public static string Page(string version, string token, params string[] items) =>
        $$$"""{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}","continue":"{{{token}}}"},"items":[{{{string.Join(',', items)}}}]}""";

    public static string Event(string type, string json) => $$"""{"type":"{{type}}","object":{{json}}}""";

    public static string Bookmark(string version) => Event("BOOKMARK", $$$"""{"kind":"Deployment","metadata":{"resourceVersion":"{{{version}}}"}}""");

    public static string Status(int code, string reason, string message) =>
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""";

    public static string Resources(IEnumerable<string> plurals) =>
        $$"""{"kind":"APIResourceList","apiVersion":"v1","resources":[{{string.Join(',', plurals.Select(plural => $$"""{"name":"{{plural}}","namespaced":true,"kind":"X","verbs":["list"]}"""))}}]}""";

    public static string Versions(IEnumerable<string> versions) =>
        $$"""{"kind":"APIVersions","versions":[{{string.Join(',', versions.Select(version => $"\"{version}\""))}}]}""";

    public static string Groups(IEnumerable<string> versions) =>
        $$"""{"kind":"APIGroupList","apiVersion":"v1","groups":[{{string.Join(',', versions.Select(version =>
            $$"""{"name":"{{version.Split('/')[0]}}","versions":[{"groupVersion":"{{version}}","version":"{{version.Split('/')[1]}}"}]}"""))}}]}""";

    public static string Aggregated(IEnumerable<KeyValuePair<string, string[]>> served) =>
        $$"""{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[{{string.Join(',', served.Select(pair =>
            $$$"""{"metadata":{{{(pair.Key.Contains('/', StringComparison.Ordinal) ? $$"""{"name":"{{pair.Key.Split('/')[0]}}"}""" : "{}")}}},"versions":[{"version":"{{{pair.Key.Split('/')[^1]}}}","freshness":"Current","resources":[{{{string.Join(',', pair.Value.Select(plural => $$"""{"resource":"{{plural}}","scope":"Namespaced"}"""))}}}]}]}"""))}}]}""";
}
