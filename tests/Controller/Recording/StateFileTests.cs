using MeshCanary.Controller.Api;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.States;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Recording;

public sealed class StateFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Backend _v1 = new();
    private readonly Backend _v2 = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose()
    {
        _v1.Dispose();
        _v2.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task StateFile_ThatIsNone_IsNamedAndLeftAsItIs()
    {
        var file = _folder.File("state.db");
        var garbage = Enumerable.Range(0, 20_000).Select(i => (byte)(i * 7)).ToArray();
        await File.WriteAllBytesAsync(file, garbage, TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<IOException>(StartAsync);

        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.Contains("backup", failure.Message, StringComparison.Ordinal);
        Assert.Equal(garbage, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task StateFile_DamagedInTheMiddle_IsRefused()
    {
        await using (await StartAsync())
        {
        }

        var file = _folder.File("state.db");
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        for (var i = 4096; i < bytes.Length; i++)
            bytes[i] ^= 0x5a;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<IOException>(StartAsync);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("UPDATE canaries SET status = '{\"phase\":\"sleeping\"}'", "shop/checkout")]
    [InlineData("PRAGMA user_version = 99", "newer version")]
    public async Task StateFile_ThatCannotBeUnderstood_IsRefusedWithTheReason(string damage, string reason)
    {
        await using (await StartAsync())
        {
        }

        Execute(damage);

        var failure = await Assert.ThrowsAsync<IOException>(StartAsync);
        Assert.Contains(_folder.File("state.db"), failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StateFile_OfTheFirstSchema_IsBroughtUpToDateAndKeepsItsCanaries()
    {
        await using (var controller = await StartAsync())
            await controller.Until(view => view.Stable.Name == "v1", "It is not there");
        Execute("DROP TABLE calibrations; ALTER TABLE canaries DROP COLUMN exposure; ALTER TABLE canaries DROP COLUMN cookie_keys; PRAGMA user_version = 1");

        await using (var controller = await StartAsync())
            Assert.Single(await controller.EventsAsync(), entry => entry.Kind == "CanaryAdded");
        using var database = StateDatabase.Open(_folder.File("state.db"));
        Assert.Equal(StateSchema.Version, database.Read(connection => connection.Query("PRAGMA user_version", row => row.GetInt32(0)))[0]);
        Assert.Equal(0, database.Read(connection => connection.Query("SELECT count(*) FROM calibrations", row => row.GetInt32(0)))[0]);
    }

    [Fact]
    public async Task StateFile_Empty_IsRefusedAndLeftAsItIs()
    {
        var file = _folder.File("state.db");
        await File.WriteAllBytesAsync(file, [], TestContext.Current.CancellationToken);
        await IsRefusedAsync("is empty");
        Assert.Equal(0, new FileInfo(file).Length);
    }

    [Fact]
    public async Task StateFile_GoneWithoutItsJournal_IsRefused()
    {
        await File.WriteAllBytesAsync(_folder.File("state.db-wal"), [1, 2, 3], TestContext.Current.CancellationToken);
        await IsRefusedAsync("journal");
        Assert.False(File.Exists(_folder.File("state.db")));
    }

    [Theory]
    [InlineData("CREATE TABLE recipes (name TEXT)", false)]
    [InlineData("DROP TABLE identity", true)]
    [InlineData("DROP TABLE canaries", true)]
    public async Task StateFile_WithoutOurTables_IsRefusedAndLeftAsItIs(string sql, bool ours)
    {
        if (ours)
        {
            await using (await StartAsync())
            {
            }
        }

        Execute(sql);
        var before = await File.ReadAllBytesAsync(_folder.File("state.db"), TestContext.Current.CancellationToken);
        await IsRefusedAsync("lacks the tables");
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.File("state.db"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task StateFile_WhoseMakingWasKilled_IsMadeAgain()
    {
        await File.WriteAllBytesAsync(_folder.File("state.db.new"), [1, 2, 3], TestContext.Current.CancellationToken);
        await using (await StartAsync())
        {
            Assert.False(File.Exists(_folder.File("state.db.new")));
        }
    }

    [Fact]
    public async Task Folder_InUse_IsRefusedToASecondController()
    {
        await using var first = await StartAsync();

        var failure = await Assert.ThrowsAsync<IOException>(StartAsync);
        Assert.Contains("in use by another controller", failure.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StateFile_ThatCannotBeWritten_HoldsRolloutsUntilItCanAgain()
    {
        using var log = new LogSink();
        await using var controller = await TestController.StartAsync(TestController.Options(_folder.Path, TestController.Manifest("checkout", _v1.Address)), _time, log);
        await using var proxy = new FakeProxy("edge");
        await proxy.ConnectAsync(controller.Server.Control);
        var before = await controller.Until(view => view.Phase == Phase.Stable, "The Canary is not adopted");
        Assert.Null(before.Problem);
        var version = proxy.Newest!.Version;

        using (var connection = new SqliteConnection($"Data Source={_folder.File("state.db")};Pooling=False"))
        {
            connection.Open();
            using var held = connection.BeginTransaction(deferred: false);
            using var refused = await controller.PostAsync("canaries/shop/checkout/revisions", new Controller.Api.RevisionRequest("v2", [_v2.Address]));
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            using var ready = await controller.Http.GetAsync(new Uri($"http://{controller.Server.Api}/readyz"), TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("state.db", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(0, await TrafficFlow.FigureAsync(controller, "meshcanary_controller_store_up"));
            Assert.Equal(version, proxy.Newest.Version);

            var stuck = await controller.Until(view => view.Problem is not null, "Nobody is told that it holds");
            Assert.True(stuck.Version > before.Version);
            Assert.Contains("state.db", stuck.Problem, StringComparison.Ordinal);
            Assert.DoesNotContain("..", stuck.Problem, StringComparison.Ordinal);
            var health = await controller.Read<HealthView>("/healthz");
            Assert.Equal([stuck.Problem!], health.Problems);
            Assert.Contains(log.Lines, line => line.Text.Contains("state.db", StringComparison.Ordinal) && line.Level == Microsoft.Extensions.Logging.LogLevel.Error);
            Assert.DoesNotContain(log.Lines, line => line.Failure is not null);
        }

        await controller.AnnounceAsync("v2", _v2.Address);
        await controller.Until(view => view is { Phase: Phase.Progressing, Problem: null }, "It does not go on");
        Assert.Equal(1, await TrafficFlow.FigureAsync(controller, "meshcanary_controller_store_up"));
    }

    private Task<TestController> StartAsync() => TestController.StartAsync(_folder.Path, _time, TestController.Manifest("checkout", _v1.Address));

    private async Task IsRefusedAsync(string reason)
    {
        var failure = await Assert.ThrowsAsync<IOException>(StartAsync);
        Assert.Contains(_folder.File("state.db"), failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Contains(Controller.Recording.StateFileCheck.Remedy, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", failure.Message, StringComparison.Ordinal);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
