namespace MeshCanary.Rollouts.Revisions;

/// <summary>An endpoint's address in its one form: scheme, host and port, and nothing else.</summary>
internal static class EndpointAddress
{
    public static string? Normalize(string? address, out string problem)
    {
        problem = "";
        if (string.IsNullOrWhiteSpace(address))
            problem = "An address is empty; write one such as http://127.0.0.1:5001.";
        else if (!Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0)
            problem = $"'{address}' is not an absolute http or https address; write one such as http://127.0.0.1:5001.";
        else if (uri.UserInfo.Length > 0)
            problem = $"'{uri.Scheme}://…@{uri.Authority}' holds credentials; leave them out.";
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.AbsolutePath != "/")
            problem = $"'{address}' holds a path, query or fragment; write {uri.Scheme}://{uri.Authority} only.";
        else if (uri.Port == 0)
            problem = $"'{address}' has port 0, which nothing can be reached at; write the port that the endpoint listens on.";
        else
            return $"{uri.Scheme}://{uri.IdnHost switch { var host when uri.HostNameType == UriHostNameType.IPv6 => $"[{host}]", var host => host }}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
        return null;
    }
}
