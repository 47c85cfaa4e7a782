using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Calibration;

/// <summary>How far a calibration may be trusted at the moment a run begins.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CalibrationStanding>))]
public enum CalibrationStanding
{
    /// <summary>There is no history of stable against stable at all.</summary>
    Missing,

    /// <summary>There is history, but of too few blocks to tell noise from chance.</summary>
    TooShort,

    /// <summary>The newest block is too old to speak for the service as it is now.</summary>
    Stale,

    /// <summary>Enough history, and recent.</summary>
    Fresh,
}
