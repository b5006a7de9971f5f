using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StellarPay.Silo.Hosting.Tls;

/// <summary>
/// Makes what <see cref="ClusterCertificates"/> reads, for development and tests: an authority and, signed by it, one certificate
/// for all processes. The authority's key is forgotten at once, so that nothing else is ever signed by it.
/// </summary>
public static class DevelopmentAuthority
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Writes <c>ca.crt</c>, <c>tls.crt</c> and <c>tls.key</c> into a folder, over those that are there.</summary>
    /// <param name="folder">The folder; it is made where it is not there.</param>
    /// <param name="now">From when on they hold.</param>
    /// <param name="days">For how many days, at least 1.</param>
    public static void Write(string folder, DateTimeOffset now, int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        Directory.CreateDirectory(folder);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=StellarPay development cluster", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        // By these one authority is told from another of the same name.
        var identifier = new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, critical: false);
        authorityRequest.CertificateExtensions.Add(identifier);
        // Clocks of two machines differ a little.
        var (from, until) = (now.AddMinutes(-5), now.AddDays(days));
        using var authority = authorityRequest.CreateSelfSigned(from, until);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=stellarpay", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(ServerAuthentication), new Oid(ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier));
        using var certificate = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(16));

        Put(folder, ClusterCertificates.KeyFile, key.ExportPkcs8PrivateKeyPem());
        Put(folder, ClusterCertificates.CertificateFile, certificate.ExportCertificatePem());
        Put(folder, ClusterCertificates.AuthorityFile, authority.ExportCertificatePem());
    }

    // Whole or not at all, and the key for nobody else.
    private static void Put(string folder, string name, string pem)
    {
        var path = Path.Combine(folder, name);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter($"{path}.new", options))
        {
            writer.WriteLine(pem);
        }

        File.Move($"{path}.new", path, overwrite: true);
    }
}
