using CsCheck;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Routing;
using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly string[] Hosts = ["a.example", "b.a.example", "*.example", "*.a.example", "*.b.a.example", "[::1]", "10.0.0.1"];
    private static readonly string[] Prefixes = ["/", "/a", "/a/b", "/a/b/c", "/A/x", "/ab", "/é", "/a%2Fb"];
    private static readonly string[] Asked = ["a.example", "A.Example:80", "b.a.example", "c.b.a.example", "x.example", "example", ".example", "[::1]:8080", "[::1]", "10.0.0.1:1", "other", ""];
    private static readonly string[] Paths = ["", "/", "//", "/a", "/a/", "/A/B/c/d", "/a/b", "/a/bc", "/ab/c", "/abc", "//a", "/a//b", "/É/x", "/a%2Fb", "/a%2Fb/c", "/a/x"];

    private static readonly Gen<(string? Host, string Prefix)> Place =
        Gen.Select(Gen.Int[-1, Hosts.Length - 1].Select(i => i < 0 ? null : Hosts[i]), Gen.Int[0, Prefixes.Length - 1].Select(i => Prefixes[i]));

    [Fact]
    public void Match_AnyTable_IsWhatComparingEveryRouteFinds() => Place.HashSet[0, 12].Sample(places =>
    {
        var routes = places.Where(place => places.First(other => Same(other, place)) == place).ToList();
        var table = new RouteTable(1, [.. routes.Select((place, i) => Entry($"{i}", place.Prefix, place.Host))]);
        foreach (var host in Asked)
        {
            foreach (var path in Paths)
                Assert.Equal(Expected(routes, host, path), table.Match(host, path)?.Name);
        }
    });

    [Fact]
    public void Match_TenThousandRoutes_FindsEach()
    {
        const int Count = 10_000;
        var table = new RouteTable(1,
            [.. Enumerable.Range(0, Count).Select(i => Entry($"host-{i}", "/", $"host-{i}.example")),
             .. Enumerable.Range(0, Count).Select(i => Entry($"path-{i}", $"/app/{i}", "shop.example"))]);

        for (var i = 0; i < Count; i++)
        {
            Assert.Equal($"host-{i}", table.Match($"HOST-{i}.example:80", "/app/1")?.Name);
            Assert.Equal($"path-{i}", table.Match("shop.example", $"/app/{i}/x/y/z")?.Name);
        }

        Assert.Null(table.Match("shop.example", $"/app/{Count}"));
    }

    private static RouteEntry Entry(string name, string prefix, string? host)
    {
        var route = new Route { Name = name, PathPrefix = prefix, Stable = Snapshots.Arm("v1", "http://127.0.0.1:1") };
        if (host is not null)
            route.Hosts.Add(host);
        return new RouteEntry(route) { Plan = null!, Keys = UserKeySource.None, Stable = null!, Canary = null, Draws = null!, Visits = null, Guard = null, Mirror = null };
    }

    // Two places that are one to the proxy: a snapshot with both is refused.
    private static bool Same((string? Host, string Prefix) one, (string? Host, string Prefix) other) =>
        one.Host == other.Host && string.Equals(one.Prefix, other.Prefix, StringComparison.OrdinalIgnoreCase);

    private static string? Expected(List<(string? Host, string Prefix)> routes, string host, string path)
    {
        var name = host.EndsWith(']') || !host.Contains(':', StringComparison.Ordinal) ? host : host[..host.LastIndexOf(':')];
        return routes.Select((place, i) => (place, Name: $"{i}"))
            .Where(route => HostRank(route.place.Host, name) >= 0 && Serves(route.place.Prefix, path))
            .OrderByDescending(route => HostRank(route.place.Host, name)).ThenByDescending(route => route.place.Prefix.Length)
            .Select(route => route.Name).FirstOrDefault();
    }

    private static int HostRank(string? host, string asked) => host switch
    {
        null => 0,
        ['*', .. var suffix] => asked.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) ? suffix.Length : -1,
        _ => asked.Equals(host, StringComparison.OrdinalIgnoreCase) ? 1000 : -1,
    };

    private static bool Serves(string prefix, string path) =>
        prefix == "/" || $"{path}/".StartsWith($"{prefix}/", StringComparison.OrdinalIgnoreCase);
}
