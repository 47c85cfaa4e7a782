using System.Text.Json;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Controller.Api;

namespace MeshCanary.Controller.Recording;

/// <summary>Keeps what was learned of each service's noise.</summary>
internal sealed class CalibrationStore(StateDatabase database) : ICalibrationStore
{
    /// <inheritdoc/>
    public CalibrationState? Find(string key) => database.Read(connection => connection.Query(
        "SELECT state FROM calibrations WHERE key = $key", row => row.GetString(0), ("$key", key))) is [var text]
        ? JsonSerializer.Deserialize<CalibrationState>(text, ApiJson.Options)
        : null;

    /// <inheritdoc/>
    public void Keep(string key, CalibrationState state) => database.Write(connection => connection.Run(
        "INSERT INTO calibrations (key, state) VALUES ($key, $state) ON CONFLICT DO UPDATE SET state = excluded.state",
        ("$key", key), ("$state", JsonSerializer.Serialize(state, ApiJson.Options))));
}
