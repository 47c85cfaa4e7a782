using Microsoft.Data.Sqlite;

namespace MeshCanary.Controller.Tests.Support;

/// <summary>What a killed controller leaves behind: its files as they are at one instant, copied while nobody can write.</summary>
internal static class CrashImage
{
    public static void Take(string from, string to)
    {
        Directory.CreateDirectory(to);
        using var connection = new SqliteConnection($"Data Source={Path.Combine(from, "state.db")};Pooling=False");
        connection.Open();
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var name in new[] { "state.db", "state.db-wal" })
        {
            if (File.Exists(Path.Combine(from, name)))
                Copy(Path.Combine(from, name), Path.Combine(to, name));
        }
    }

    private static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = new FileStream(to, FileMode.Create);
        source.CopyTo(target);
    }
}
