namespace MeshCanary.Architecture.Tests.Asserting;

/// <summary>Asserts in whole sentences; the runner would cut each short.</summary>
internal static class Expect
{
    public static void None(IEnumerable<string> violations)
    {
        var all = violations.ToArray();
        if (all.Length > 0)
            Assert.Fail(string.Join('\n', all));
    }
}
