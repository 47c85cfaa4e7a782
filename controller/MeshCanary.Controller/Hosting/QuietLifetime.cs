using Microsoft.Extensions.Hosting;

namespace MeshCanary.Controller.Hosting;

/// <summary>Leaves signals to whoever started the controller: a part of it must not stop by itself.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
