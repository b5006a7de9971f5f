using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;

namespace StellarPay.Silo.Hosting.Tls;

/// <summary>
/// By what the processes of a cluster know each other: the folder of STELLARPAY_CLUSTER_TLS, with the names that a Kubernetes secret of
/// type kubernetes.io/tls has. Files that change are read again at the next connection; what is connected stays so.
/// </summary>
internal sealed partial class ClusterCertificates : IDisposable
{
    public const string CertificateFile = "tls.crt";
    public const string KeyFile = "tls.key";
    public const string AuthorityFile = "ca.crt";

    private static readonly string[] Files = [CertificateFile, KeyFile, AuthorityFile];
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private Loaded _loaded;
    private string _seen;
    private long _lookedAt;

    /// <exception cref="OptionsValidationException">The files are not there, or are no certificates that fit each other.</exception>
    public ClusterCertificates(string folder, TimeProvider time)
    {
        (_folder, _time) = (folder, time);
        try
        {
            (_seen, _lookedAt) = (StampOf(), time.GetTimestamp());
            _loaded = Load(folder);
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            throw new OptionsValidationException(nameof(StellarPaySettings), typeof(StellarPaySettings),
                [$"STELLARPAY_CLUSTER_TLS must be a folder with {string.Join(", ", Files)} in PEM: {exception.Message}"]);
        }
    }

    /// <summary>Where what becomes of the files, and of strangers, is told.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>The certificate of this process, with its private key.</summary>
    public X509Certificate2 Own => Current().Own;

    /// <summary>
    /// Whether the other side is of this cluster: its certificate was signed by an authority in <c>ca.crt</c>, and holds today. Names do
    /// not count: silos are found by the addresses in the database, and the authority is to be this cluster's alone.
    /// </summary>
    public bool IsOfCluster(X509Certificate2 certificate)
    {
        var loaded = Current();
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(loaded.Roots);
        chain.ChainPolicy.ExtraStore.AddRange(loaded.Intermediates);
        chain.ChainPolicy.DisableCertificateDownloads = true;
        var holds = chain.Build(certificate);
        if (!holds)
        {
            LogStranger(Logger, certificate.Subject, string.Join(", ", chain.ChainStatus.Select(status => status.Status)));
        }

        return holds;
    }

    public void Dispose() => _loaded.Dispose();

    private static bool IsOfFiles(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private static Loaded Load(string folder)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Path.Combine(folder, AuthorityFile));
        if (authorities.Count == 0)
        {
            throw new CryptographicException($"{AuthorityFile} holds no certificate.");
        }

        var own = X509Certificate2.CreateFromPemFile(Path.Combine(folder, CertificateFile), Path.Combine(folder, KeyFile));
        var (roots, intermediates) = (new X509Certificate2Collection(), new X509Certificate2Collection());
        foreach (var authority in authorities)
        {
            (authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData) ? roots : intermediates).Add(authority);
        }

        return new Loaded(own, roots, intermediates);
    }

    private Loaded Current()
    {
        lock (_lock)
        {
            if (_time.GetElapsedTime(_lookedAt) < LookEvery)
            {
                return _loaded;
            }

            _lookedAt = _time.GetTimestamp();
            try
            {
                var stamp = StampOf();
                if (stamp != _seen)
                {
                    // Connections that are being made may hold the one before; it is the collector's.
                    _loaded = Load(_folder);
                    _seen = stamp;
                    LogRead(Logger, _folder, _loaded.Own.Subject, _loaded.Own.NotAfter.ToUniversalTime());
                }
            }
            catch (Exception exception) when (IsOfFiles(exception))
            {
                // Perhaps they are being written; the ones before hold for as long as they do.
                LogUnreadable(Logger, exception, _folder);
            }

            return _loaded;
        }
    }

    private string StampOf() => string.Join('|', Files.Select(file =>
    {
        var info = new FileInfo(Path.Combine(_folder, file));
        // A secret in Kubernetes is a link to a folder that is replaced.
        var target = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
        return target.Exists
            ? FormattableString.Invariant($"{target.FullName} {target.LastWriteTimeUtc.Ticks} {target.Length}")
            : throw new FileNotFoundException($"{file} is missing in {_folder}.");
    }));

    [LoggerMessage(6020, LogLevel.Information, "The cluster's certificates in {Folder} were read: {Subject}, until {Until:o}")]
    private static partial void LogRead(ILogger logger, string folder, string subject, DateTime until);

    [LoggerMessage(6021, LogLevel.Error, "The cluster's certificates in {Folder} changed and cannot be read; those before are used on")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string folder);

    [LoggerMessage(6022, LogLevel.Warning, "Somebody with the certificate {Subject} wanted to be of this cluster and was refused: {Why}")]
    private static partial void LogStranger(ILogger logger, string subject, string why);

    private sealed record Loaded(X509Certificate2 Own, X509Certificate2Collection Roots, X509Certificate2Collection Intermediates)
        : IDisposable
    {
        public void Dispose() => Own.Dispose();
    }
}
