using System.Collections.Immutable;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Recording;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Calibrating;

/// <summary>
/// The noise of one Canary's service, learned from its stable version in runs and between them, and kept across restarts and
/// promotions: it is the service's noise, and a promotion changes little of it; the new version's endpoints are split anew.
/// Whatever becomes of it, no rollout waits for it. Touched by one reconcile at a time.
/// </summary>
internal sealed partial class ServiceCalibration
{
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(1);

    private readonly string _key;
    private readonly ICalibrationStore _store;
    private readonly ILogger _logger;
    private readonly CalibrationHistory _history;
    private DateTimeOffset? _savedAt;
    private bool _isChanged;
    private bool _isLost;

    /// <summary>Goes on from what is stored; begins afresh, and says so in <see cref="Fault"/>, when that is of no use.</summary>
    public ServiceCalibration(CanaryManifest manifest, ICalibrationStore store, ILogger logger)
    {
        (_key, _store, _logger) = (manifest.Key, store, logger);
        var settings = SettingsOf(manifest.Spec.Analysis.Settings);
        try
        {
            _history = store.Find(_key) is { } state ? CalibrationHistory.Restore(settings, state) : new CalibrationHistory(settings);
        }
#pragma warning disable CA1031 // Whatever is wrong with what was kept: no start of a controller hangs on it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fault = failure.Message.Split(" (Parameter '")[0].TrimEnd('.');
            _history = new CalibrationHistory(settings);
        }
    }

    /// <summary>Why what was stored could not be used, until somebody was told; otherwise null.</summary>
    public string? Fault { get; private set; }

    /// <summary>The fault is in the decision log.</summary>
    public void Told() => Fault = null;

    /// <summary>
    /// Learns from finished windows, each once however often it is shown. Not while a promotion or a rollback moves all traffic
    /// from version to version, and not while a new version bakes alone: what differs then is not noise.
    /// </summary>
    public void Learn(RolloutStatus status, ImmutableArray<ClosedWindow> windows)
    {
        if (status.Phase is not (Phase.Stable or Phase.Failed or Phase.Progressing or Phase.Paused))
            return;
        foreach (var window in windows)
            _isChanged |= _history.Add(window.Sample(status.Stable.Name, canary: ""));
    }

    /// <summary>What is known now.</summary>
    public CalibrationProfile ProfileAt(DateTimeOffset now) => _history.ProfileAt(now);

    /// <summary>Keeps what was learned, if something was and the last time is a minute ago.</summary>
    public void SaveIfDue(DateTimeOffset now)
    {
        // The first save comes a minute after the start; a clock that was set back does not put it off.
        _savedAt ??= now;
        if (now - _savedAt >= Pace || now < _savedAt)
            Save(now);
    }

    /// <summary>Keeps what was learned. A store that cannot be written costs what was learned since, and nothing else.</summary>
    public void Save(DateTimeOffset now)
    {
        if (!_isChanged)
            return;
        _savedAt = now;
        try
        {
            _store.Keep(_key, _history.Save());
            (_isChanged, _isLost) = (false, false);
        }
        catch (StoreUnavailableException failure)
        {
            if (!_isLost)
                LogNotKept(_key, failure.Message);
            _isLost = true;
        }
    }

    // Settings that no engine can work with stop no calibration: the run itself says what is wrong with them.
    private static CalibrationSettings SettingsOf(AnalysisSettings settings) => settings.Validate().IsEmpty
        ? new CalibrationSettings { LatencyPercentiles = settings.LatencyPercentiles, FalseRollbackRate = settings.FalseRollbackRate }
        : new CalibrationSettings();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The calibration of Canary {Canary} could not be kept, and is tried again: {Reason}")]
    private partial void LogNotKept(string canary, string reason);
}
