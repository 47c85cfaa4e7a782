namespace MeshCanary.Analysis.Calibration;

/// <summary>What one user, or one random group of users, sent.</summary>
/// <param name="Requests">n: requests.</param>
/// <param name="Events">x: bad events among them.</param>
public readonly record struct UserCounts(long Requests, long Events);
