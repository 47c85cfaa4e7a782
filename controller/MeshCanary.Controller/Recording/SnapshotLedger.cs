using System.Globalization;

namespace MeshCanary.Controller.Recording;

/// <summary>Remembers the newest snapshot's version and content, so that versions rise across restarts and the same content keeps its version.</summary>
internal sealed class SnapshotLedger(StateDatabase database) : ISnapshotLedger
{
    /// <inheritdoc/>
    public (long Version, string Content) Last() => database.Read(connection => connection.Query(
        "SELECT version, content FROM snapshot", row => (row.GetInt64(0), row.GetString(1)))) is [var last] ? last : (0, "");

    /// <inheritdoc/>
    public void Keep(long version, string content) => database.Write(connection => connection.Run(
        "INSERT INTO snapshot (one, version, content) VALUES (1, $version, $content) ON CONFLICT DO UPDATE SET version = excluded.version, content = excluded.content",
        ("$version", version), ("$content", content)));

    /// <summary>The controller's id: made once, kept with the state.</summary>
    public string ControllerId()
    {
        if (Find() is { } known)
            return known;
        var made = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        database.Write(connection => connection.Run("INSERT OR IGNORE INTO identity (one, controller) VALUES (1, $id)", ("$id", made)));
        return Find() ?? made;
    }

    private string? Find() => database.Read(connection => connection.Query(
        "SELECT controller FROM identity", row => row.GetString(0))).FirstOrDefault();
}
