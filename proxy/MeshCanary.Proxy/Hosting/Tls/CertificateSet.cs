using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;

namespace MeshCanary.Proxy.Hosting.Tls;

/// <summary>The certificates in force, found by the name that a client asks for. Immutable.</summary>
internal sealed class CertificateSet
{
    private readonly FrozenDictionary<string, ServerCertificate> _byName;
    private readonly ServerCertificate _first;

    /// <param name="certificates">At least one; of two for the same name the first serves it.</param>
    /// <param name="authorities">Whose client certificates are believed; null when clients are not asked.</param>
    public CertificateSet(IReadOnlyList<ServerCertificate> certificates, X509Certificate2Collection? authorities)
    {
        (All, Authorities, _first) = (certificates, authorities, certificates[0]);
        var byName = new Dictionary<string, ServerCertificate>(StringComparer.OrdinalIgnoreCase);
        foreach (var certificate in certificates)
        {
            foreach (var name in certificate.Names)
                byName.TryAdd(name, certificate);
        }

        _byName = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<ServerCertificate> All { get; }

    public X509Certificate2Collection? Authorities { get; }

    /// <summary>The one for a name: of that very name, else of the wildcard above it, else the first.</summary>
    public ServerCertificate For(string? serverName)
    {
        if (string.IsNullOrEmpty(serverName))
            return _first;
        if (_byName.TryGetValue(serverName, out var own))
            return own;
        var dot = serverName.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _byName.TryGetValue("*" + serverName[dot..], out var wildcard) ? wildcard : _first;
    }
}
