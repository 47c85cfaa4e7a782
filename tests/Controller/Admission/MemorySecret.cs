using System.Globalization;
using MeshCanary.Controller.Admission.Certifying;

namespace MeshCanary.Controller.Tests.Admission;

/// <summary>A Secret with the API server's compare-and-swap.</summary>
internal sealed class MemorySecret : ISecretStore
{
    private readonly Lock _gate = new();
    private IReadOnlyDictionary<string, string>? _data;
    private int _version;

    /// <summary>Runs before a write, as another replica would.</summary>
    public Action? BeforeWrite { get; set; }

    public int Writes => _version;

    public Task<StoredSecret?> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(_data is null ? null : new StoredSecret(_data, _version.ToString(CultureInfo.InvariantCulture)));
    }

    public Task<bool> CreateAsync(IReadOnlyDictionary<string, string> data, CancellationToken cancellationToken) => WriteAsync(data, () => _data is null);

    public Task<bool> ReplaceAsync(IReadOnlyDictionary<string, string> data, string version, CancellationToken cancellationToken) =>
        WriteAsync(data, () => _version.ToString(CultureInfo.InvariantCulture) == version);

    public void Set(IReadOnlyDictionary<string, string> data)
    {
        lock (_gate)
        {
            _data = data;
            _version++;
        }
    }

    private Task<bool> WriteAsync(IReadOnlyDictionary<string, string> data, Func<bool> may)
    {
        (var before, BeforeWrite) = (BeforeWrite, null);
        before?.Invoke();
        lock (_gate)
        {
            if (!may())
                return Task.FromResult(false);
            _data = data;
            _version++;
            return Task.FromResult(true);
        }
    }
}
