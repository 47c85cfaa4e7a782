namespace MeshCanary.Soak.Measuring;

/// <summary>What was checked at the end, a line each.</summary>
internal sealed class Verdict
{
    /// <summary>Whether everything was as it has to be.</summary>
    public bool IsGood { get; private set; } = true;

    /// <summary>Prints a line.</summary>
    public void Check(bool isGood, string what)
    {
        IsGood &= isGood;
        Console.WriteLine($"{(isGood ? "ok " : "BAD")}  {what}");
    }

    /// <summary>Prints a line that says where two tables of counts differ.</summary>
    public void Same(string what, SortedDictionary<string, long> clients, SortedDictionary<string, long> reports)
    {
        var differences = clients.Keys.Union(reports.Keys)
            .Where(name => clients.GetValueOrDefault(name) != reports.GetValueOrDefault(name))
            .Select(name => $"{name}: {clients.GetValueOrDefault(name)} and {reports.GetValueOrDefault(name)}")
            .ToList();
        Check(
            differences.Count == 0,
            differences.Count == 0
                ? $"{what}: clients and reports agree on {clients.Values.Sum():N0} requests in {clients.Count} places"
                : $"{what}: clients and reports differ: {string.Join("; ", differences)}");
    }
}
