namespace MeshCanary.TestCluster.ControlPlane;

/// <summary>A certificate and its key, both PEM.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Key">The private key.</param>
public sealed record KeyPair(string Certificate, string Key);
