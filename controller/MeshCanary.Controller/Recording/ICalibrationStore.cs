using System.Text.Json;
using MeshCanary.Analysis.Calibration;

namespace MeshCanary.Controller.Recording;

/// <summary>Keeps what was learned of each service's noise.</summary>
internal interface ICalibrationStore
{
    /// <summary>What is kept of a Canary; null when nothing is.</summary>
    /// <exception cref="JsonException">It cannot be read.</exception>
    CalibrationState? Find(string key);

    /// <summary>Keeps it in place of what was kept before.</summary>
    /// <exception cref="StoreUnavailableException">It was not kept.</exception>
    void Keep(string key, CalibrationState state);
}
