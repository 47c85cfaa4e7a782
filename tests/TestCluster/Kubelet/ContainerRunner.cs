using System.Diagnostics.CodeAnalysis;
using k8s.Models;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>Runs one container: starts it, probes it, starts it again, ends it.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "The sources have no timers and no handles; whoever still cancels them must not find them disposed of.")]
internal sealed class ContainerRunner
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly PodScope _scope;
    private readonly V1Container _container;
    private readonly string _restartPolicy;
    private readonly Action _changed;
    private readonly ContainerLauncher _launcher;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();

    private ContainerSight _sight = ContainerSight.Waiting("ContainerCreating");
    private LoggedProcess? _process;

    /// <summary>Prepares it.</summary>
    /// <param name="scope">Its pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="restartPolicy">When to start it again: <c>Always</c>, <c>OnFailure</c>, <c>Never</c>.</param>
    /// <param name="changed">Told when its sight changed.</param>
    public ContainerRunner(PodScope scope, V1Container container, string restartPolicy, Action changed)
    {
        (_scope, _container, _restartPolicy, _changed) = (scope, container, restartPolicy, changed);
        _launcher = new ContainerLauncher(scope, container);
    }

    /// <summary>The container.</summary>
    public V1Container Container => _container;

    /// <summary>What is seen of it now.</summary>
    public ContainerSight Sight
    {
        get
        {
            lock (_gate)
                return _sight;
        }
    }

    private TimeProvider Time => _scope.Parts.Time;

    /// <summary>Runs it until it has ended for good or was stopped.</summary>
    public async Task RunAsync()
    {
        var delay = TimeSpan.Zero;
        for (var attempt = 0; ; attempt++)
        {
            if (await StartAsync(attempt) is not { } process)
                return;

            using (var run = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
            {
                var started = Time.GetUtcNow().UtcDateTime;
                var probes = ProbeAsync(process, run.Token);
                Running(started, attempt);
                var code = await process.Exit;
                await run.CancelAsync();
                await probes;
                Ended(code, started);
            }

            if (_stop.IsCancellationRequested || _restartPolicy == "Never" || (_restartPolicy == "OnFailure" && Sight.ExitCode == 0))
            {
                Change(sight => sight with { HasEnded = true });
                return;
            }

            // As a kubelet: at once the first time, and then later every time.
            if (attempt > 0)
            {
                delay = delay == TimeSpan.Zero ? _scope.Parts.RestartDelay : Min(delay * 2, LongestDelay);
                Wait("CrashLoopBackOff", $"back-off {delay.TotalSeconds:0.#}s restarting failed container={_container.Name}");
            }

            if (!await PauseAsync(delay))
                return;
        }
    }

    /// <summary>Ends it: first by its hook and a request, and at the end of the grace by force.</summary>
    /// <param name="grace">How long it has.</param>
    /// <param name="force">Ends the grace early.</param>
    public async Task StopAsync(TimeSpan grace, CancellationToken force)
    {
        LoggedProcess? process;
        lock (_gate)
            process = _process;
        try
        {
            if (process is { Exit.IsCompleted: false } && grace > TimeSpan.Zero)
                await AskToEndAsync(process, grace, force);
        }
        finally
        {
            await _stop.CancelAsync();
            lock (_gate)
                process = _process;
            process?.Kill();
        }
    }

    /// <summary>Runs a command in it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <exception cref="InvalidOperationException">The container does not run.</exception>
    public Task<ToolResult> ExecAsync(IEnumerable<string> command, CancellationToken cancellation)
    {
        LoggedProcess? process;
        lock (_gate)
            process = _process;
        return process is { Exit.IsCompleted: false }
            ? ContainerLauncher.ExecAsync(process, command, cancellation)
            : throw new InvalidOperationException($"The container {_container.Name} of {_scope.Pod.Metadata.Name} does not run.");
    }

    /// <summary>Ends its process without a word; it is started again as its policy says.</summary>
    public void Crash()
    {
        lock (_gate)
            _process?.Kill();
    }

    private async Task AskToEndAsync(LoggedProcess process, TimeSpan grace, CancellationToken force)
    {
        using var limit = new CancellationTokenSource(grace, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, force);
        try
        {
            // No new start from here on, but readiness is still asked until the process goes.
            if (_container.Lifecycle?.PreStop is { } hook)
                await new ProbeAction(_scope.Sandbox.Address, _container, process).RunAsync(hook, Time, both.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or ConfigurationException)
        {
            // A hook that fails or takes too long does not save the container.
        }

        process.Signal(Signals.Terminate);
        await ((Task)process.Exit).WaitAsync(both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Null when it was stopped before it could start.
    private async Task<LoggedProcess?> StartAsync(int attempt)
    {
        while (!_stop.IsCancellationRequested)
        {
            if (_scope.Parts.Images.Find(_container.Image) is not { } image)
            {
                Wait(Sight.State.Waiting?.Reason == "ErrImagePull" ? "ImagePullBackOff" : "ErrImagePull", $"image \"{_container.Image}\" not found");
            }
            else
            {
                try
                {
                    var process = await _launcher.StartAsync(image, attempt, _stop.Token);
                    lock (_gate)
                        _process = process;
                    if (_stop.IsCancellationRequested)
                        process.Kill();
                    return process;
                }
                catch (ConfigurationException missing)
                {
                    Wait("CreateContainerConfigError", missing.Message);
                }
                catch (OperationCanceledException)
                {
                    return null;
                }
            }

            await PauseAsync(LookAgain);
        }

        return null;
    }

    private Task ProbeAsync(LoggedProcess process, CancellationToken cancellation) =>
        new ContainerProbes(_container, new ProbeAction(_scope.Sandbox.Address, _container, process), Time).RunAsync(
            ready => Change(sight => sight with { IsStarted = true, IsReady = ready }),
            () => _ = RestartAsync(process, cancellation),
            cancellation);

    // A container that fails its liveness probe gets its grace, too.
    private async Task RestartAsync(LoggedProcess process, CancellationToken cancellation)
    {
        process.Signal(Signals.Terminate);
        var grace = TimeSpan.FromSeconds(_scope.Pod.Spec.TerminationGracePeriodSeconds ?? 30);
        await ((Task)process.Exit).WaitAsync(grace, Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.Kill();
    }

    private void Running(DateTime started, int attempt) => Change(sight => sight with
    {
        State = new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = started } },
        Restarts = attempt,
    });

    private void Ended(int code, DateTime started)
    {
        var state = new V1ContainerState
        {
            Terminated = new V1ContainerStateTerminated
            {
                ExitCode = code,
                Reason = code == 0 ? "Completed" : "Error",
                StartedAt = started,
                FinishedAt = Time.GetUtcNow().UtcDateTime,
            },
        };
        Change(sight => sight with { State = state, LastState = state, IsStarted = false, IsReady = false });
    }

    private void Wait(string reason, string message) =>
        Change(sight => sight with { State = ContainerSight.WaitingState(reason, message), IsReady = false });

    // False when it was stopped meanwhile.
    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        await Task.Delay(pause, Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_stop.IsCancellationRequested;
    }

    private void Change(Func<ContainerSight, ContainerSight> change)
    {
        lock (_gate)
            _sight = change(_sight);
        _changed();
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
