using System.Text.Json;
using MeshCanary.Controller.Api;

namespace MeshCanary.Controller.Recording;

/// <summary>Reads the decision log.</summary>
internal sealed class EventLog(StateDatabase database)
{
    /// <summary>Entries of a Canary after an id, oldest first.</summary>
    public IReadOnlyList<EventView> After(string key, long after, int limit) => database.Read(connection => connection.Query(
        "SELECT id, at, kind, message, run, origin FROM events WHERE key = $key AND id > $after ORDER BY id LIMIT $limit",
        row => new EventView(
            row.GetInt64(0),
            JsonSerializer.Deserialize<DateTimeOffset>(row.GetString(1), ApiJson.Options),
            row.GetString(2),
            row.GetString(3),
            row.IsDBNull(4) ? null : row.GetString(4))
        {
            Origin = row.GetString(5),
        },
        ("$key", key), ("$after", after), ("$limit", limit)));
}
