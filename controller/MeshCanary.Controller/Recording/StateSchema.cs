using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MeshCanary.Controller.Recording;

/// <summary>The tables, and how an older file is brought to them. A migration is never changed once released; a new one is added.</summary>
internal static class StateSchema
{
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE canaries (
            key TEXT PRIMARY KEY,
            manifest TEXT NOT NULL,
            status TEXT NOT NULL,
            announced TEXT NOT NULL,
            analysis TEXT
        ) WITHOUT ROWID;
        CREATE TABLE sequences (
            key TEXT NOT NULL,
            instance TEXT NOT NULL,
            folded INTEGER NOT NULL,
            PRIMARY KEY (key, instance)
        ) WITHOUT ROWID;
        CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            message TEXT NOT NULL,
            run TEXT,
            origin TEXT NOT NULL
        );
        CREATE INDEX events_by_key ON events (key, id);
        CREATE TABLE runs (
            key TEXT NOT NULL,
            id TEXT NOT NULL,
            number INTEGER NOT NULL,
            run TEXT NOT NULL,
            settings TEXT NOT NULL,
            PRIMARY KEY (key, id)
        ) WITHOUT ROWID;
        CREATE TABLE intervals (
            key TEXT NOT NULL,
            run TEXT NOT NULL,
            number INTEGER NOT NULL,
            entry TEXT NOT NULL,
            PRIMARY KEY (key, run, number),
            FOREIGN KEY (key, run) REFERENCES runs (key, id) ON DELETE CASCADE
        ) WITHOUT ROWID;
        CREATE TABLE snapshot (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            version INTEGER NOT NULL,
            content TEXT NOT NULL
        );
        CREATE TABLE identity (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            controller TEXT NOT NULL
        );
        """,
        """
        CREATE TABLE calibrations (
            key TEXT PRIMARY KEY,
            state TEXT NOT NULL
        ) WITHOUT ROWID;
        """,
        """
        ALTER TABLE canaries ADD COLUMN exposure TEXT;
        ALTER TABLE canaries ADD COLUMN cookie_keys TEXT;
        """,
    ];

    /// <summary>The tables that every state file has, whichever version wrote it.</summary>
    public static ImmutableArray<string> Tables { get; } = ["canaries", "sequences", "events", "runs", "intervals", "snapshot", "identity"];

    /// <summary>The schema that this build writes.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Brings the file to <see cref="Version"/>, one transaction per migration.</summary>
    public static void Migrate(SqliteConnection connection)
    {
        for (var version = Present(connection); version < Version; version++)
        {
            using var transaction = connection.BeginTransaction();
            StateDatabase.Execute(connection, Migrations[version]);
            StateDatabase.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version + 1}"));
            transaction.Commit();
        }
    }

    private static int Present(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
