using Microsoft.Data.Sqlite;

namespace MeshCanary.Controller.Recording;

/// <summary>
/// The SQLite file. One writer at a time; readers have a connection of their own and see the last commit. A commit is
/// on disk when it returns (WAL with full synchronisation), so that a killed process forgets nothing it acted on.
/// </summary>
internal sealed class StateDatabase : IDisposable
{
    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private volatile string? _problem;

    private StateDatabase(string file, SqliteConnection writer, SqliteConnection reader)
    {
        File = file;
        _writer = writer;
        _reader = reader;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Why the last write failed, in plain words; null when it did not.</summary>
    public string? Problem => _problem;

    /// <summary>Opens the file, makes it when absent, brings an older one up to date.</summary>
    /// <exception cref="IOException">The file is damaged or belongs to a newer version; it is left as it is.</exception>
    public static StateDatabase Open(string file)
    {
        StateFileCheck.Verify(file);
        if (!System.IO.File.Exists(file))
            Make(file);
        var writer = new SqliteConnection(ConnectionString(file, SqliteOpenMode.ReadWriteCreate));
        var reader = new SqliteConnection(ConnectionString(file, SqliteOpenMode.ReadWriteCreate));
        try
        {
            writer.Open();
            Execute(writer, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
            StateSchema.Migrate(writer);
            reader.Open();
            Execute(reader, "PRAGMA query_only = ON;");
            return new StateDatabase(file, writer, reader);
        }
        catch (SqliteException failure)
        {
            reader.Dispose();
            writer.Dispose();
            throw new IOException($"The state file {file} cannot be opened: {StateFileCheck.Said(failure)} {StateFileCheck.Remedy}", failure);
        }
    }

    /// <summary>Writes in one transaction: all of it, or nothing.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was written.</exception>
    public void Write(Action<SqliteConnection> write)
    {
        lock (_writing)
        {
            try
            {
                using var transaction = _writer.BeginTransaction();
                write(_writer);
                transaction.Commit();
                _problem = null;
            }
            catch (SqliteException failure)
            {
                _problem = $"The state file {File} cannot be written: {StateFileCheck.Said(failure)} Check the disk's space and permissions; rollouts hold until it works again.";
                throw new StoreUnavailableException(_problem, failure);
            }
        }
    }

    /// <summary>Reads the last commit.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        lock (_reading)
        {
            try
            {
                return read(_reader);
            }
            catch (SqliteException failure)
            {
                throw new StoreUnavailableException($"The state file {File} cannot be read: {StateFileCheck.Said(failure)}", failure);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_writing)
        {
            lock (_reading)
            {
                _reader.Dispose();
                _writer.Dispose();
            }
        }
    }

    // Under another name until its tables are in it: a kill in between must not leave a file that looks like a damaged state.
    private static void Make(string file)
    {
        var making = file + ".new";
        try
        {
            System.IO.File.Delete(making);
            System.IO.File.Delete(making + "-journal");
            using (var connection = new SqliteConnection(ConnectionString(making, SqliteOpenMode.ReadWriteCreate)))
            {
                connection.Open();
                Execute(connection, "PRAGMA synchronous = FULL;");
                StateSchema.Migrate(connection);
            }

            System.IO.File.Move(making, file);
        }
        catch (Exception failure) when (failure is SqliteException or UnauthorizedAccessException)
        {
            throw new IOException($"The state file {file} cannot be made: {failure.Message.TrimEnd('.')}. Check the disk's space and permissions.", failure);
        }
    }

    internal static string ConnectionString(string file, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 2 }.ToString();

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
