namespace MeshCanary.Proxy.Hosting.Tls;

/// <summary>Whether clients have to show a certificate of their own.</summary>
public enum ClientCertificates
{
    /// <summary>They are not asked.</summary>
    None,

    /// <summary>They are asked and may have none; one that is shown must be good.</summary>
    Optional,

    /// <summary>They must.</summary>
    Required,
}
