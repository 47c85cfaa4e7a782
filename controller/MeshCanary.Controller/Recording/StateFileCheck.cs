using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MeshCanary.Controller.Recording;

/// <summary>Looks at a state file without writing a byte of it, before anything else opens it.</summary>
internal static class StateFileCheck
{
    /// <summary>What to do about a file that cannot be used.</summary>
    public const string Remedy =
        "It was left as it is. Restore it from a backup, or move it (with its -wal and -shm files) out of the folder to begin afresh: every Canary then starts from the stable version in its manifest.";

    /// <summary>Checks the file; an absent one is fine, unless it left its journal behind.</summary>
    /// <exception cref="IOException">The file is damaged, or a newer version wrote it.</exception>
    public static void Verify(string file)
    {
        if (!File.Exists(file))
        {
            // SQLite would throw the journal away, and with it the newest of the state.
            if (File.Exists(file + "-wal") && new FileInfo(file + "-wal").Length > 0)
                throw new IOException($"The state file {file} is missing, but its journal {file}-wal is there. {Remedy}");
            return;
        }

        if (new FileInfo(file).Length == 0)
            throw new IOException($"The state file {file} is empty, as a copy that broke off or a full disk leaves it. {Remedy}");
        try
        {
            // Read-only: closing a writable connection could already fold the journal into a damaged file.
            using var connection = new SqliteConnection(StateDatabase.ConnectionString(file, SqliteOpenMode.ReadOnly));
            connection.Open();
            var version = Convert.ToInt32(Ask(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
            if (version > StateSchema.Version)
                throw new IOException($"The state file {file} was written by a newer version (schema {version}, this one knows {StateSchema.Version}). Run that version, or restore an older backup; the file was left as it is.");
            VerifyOurs(connection, file);
            var answer = Convert.ToString(Ask(connection, "PRAGMA quick_check(1)"), CultureInfo.InvariantCulture);
            if (answer != "ok")
                throw new IOException($"The state file {file} is damaged: {answer}. {Remedy}");
        }
        catch (SqliteException failure)
        {
            throw new IOException($"The state file {file} is damaged or not a state file: {Said(failure)} {Remedy}", failure);
        }
    }

    /// <summary>What SQLite says, as a sentence: it ends its messages with <c>'.</c> already, or not.</summary>
    public static string Said(SqliteException failure) => failure.Message.TrimEnd('.') + ".";

    // Another program's database would otherwise be given our tables, or be taken for an empty state.
    private static void VerifyOurs(SqliteConnection connection, string file)
    {
        var present = connection.Query("SELECT name FROM sqlite_schema WHERE type = 'table'", row => row.GetString(0)).ToHashSet(StringComparer.Ordinal);
        if (StateSchema.Tables.Where(table => !present.Contains(table)).ToList() is [_, ..] absent)
            throw new IOException($"The file {file} is no state file of a controller, or is damaged: it lacks the tables {string.Join(", ", absent)}. {Remedy}");
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
