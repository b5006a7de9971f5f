using System.ComponentModel.DataAnnotations;

namespace StellarPay.Adapters.Settings;

/// <summary>Which network a StellarPay pays on.</summary>
public enum StellarNetworkKind
{
    /// <summary>The embedded network of src/Sandbox.</summary>
    Sandbox,

    /// <summary>SDF's public test network.</summary>
    Testnet,

    /// <summary>The public network, where money is real.</summary>
    Public,
}

/// <summary>Whether payments to merchants are real.</summary>
public enum DeploymentMode
{
    /// <summary>What the network says: they are on the public one, and nowhere else.</summary>
    Auto,

    /// <summary>They are play money: whoever has confirmed his e-mail address is a merchant at once, and keys say <c>test</c>.</summary>
    Test,

    /// <summary>They are real: an administrator approves of each merchant, and keys say <c>live</c>.</summary>
    Live,
}

/// <summary>What a process of StellarPay must be told. The table in the README says it for people.</summary>
public sealed class StellarPaySettings
{
    /// <summary>The section in appsettings.json; environment variables override it.</summary>
    public const string Section = "StellarPay";

    internal const string NoRoles = "STELLARPAY_ROLES is empty; it takes any of sandbox, silo, frontdoor, separated by commas.";

    /// <summary>Npgsql's connection string of the database.</summary>
    [Required(ErrorMessage = "STELLARPAY_POSTGRES is missing: the connection string of the PostgreSQL database.")]
    public string Postgres { get; set; } = "";

    /// <summary>The same without a pooler of transactions before the database; empty where there is none.</summary>
    public string PostgresDirect { get; set; } = "";

    /// <summary>After how many seconds the database ends a session that is idle within a transaction.</summary>
    [Range(1, 3600, ErrorMessage = "STELLARPAY_POSTGRES_IDLE_SECONDS must be from 1 to 3600 seconds.")]
    public int PostgresIdleSeconds { get; set; } = 10;

    /// <summary>Where files of this installation live: the development key ring, the sandbox's ledger.</summary>
    public string StateFolder { get; set; } = ".stellarpay";

    /// <summary>What this process hosts: any of sandbox, silo, frontdoor.</summary>
    [Required(ErrorMessage = NoRoles)]
    public string Roles { get; set; } = "sandbox,silo,frontdoor";

    /// <summary>The network.</summary>
    public StellarNetworkKind Network { get; set; } = StellarNetworkKind.Sandbox;

    /// <summary>Whether payments to merchants are real.</summary>
    public DeploymentMode Mode { get; set; } = DeploymentMode.Auto;

    /// <summary>Horizon's base URL; empty means the network's usual one.</summary>
    public string HorizonUrl { get; set; } = "";

    /// <summary>The network's passphrase; empty means the network's usual one.</summary>
    public string NetworkPassphrase { get; set; } = "";

    /// <summary>The issuer of USDC; empty means the network's usual one.</summary>
    public string UsdcIssuer { get; set; } = "";

    /// <summary>Who keeps the key that encrypts data keys: <c>local</c> or <c>azure-key-vault</c>.</summary>
    public string WalletKeyProvider { get; set; } = KeyProviders.Local;

    /// <summary>The vault's key by its URL, with or without a version; for <c>azure-key-vault</c> only.</summary>
    public string AzureKeyVaultKey { get; set; } = "";

    /// <summary>The key that encrypts data keys: 64 hexadecimal digits; empty means the key ring's file.</summary>
    public string WalletEncryptionKey { get; set; } = "";

    /// <summary>
    /// The key that encrypts the keys that sign access tokens: 64 hexadecimal digits; empty means one derived from
    /// <see cref="WalletEncryptionKey"/>, or a file. A front door that runs alone so needs no wallet key.
    /// </summary>
    public string TokenEncryptionKey { get; set; } = "";

    /// <summary>
    /// The key that encrypts the data keys of people's fields: 64 hexadecimal digits, or several with commas between; empty means one
    /// derived from <see cref="TokenEncryptionKey"/> or what stands in for it. Not the wallets': a front door has no key to seeds.
    /// </summary>
    public string DataEncryptionKey { get; set; } = "";

    /// <summary>The front door's port on 127.0.0.1 when ASPNETCORE_URLS is not set.</summary>
    [Range(1, 65535, ErrorMessage = "STELLARPAY_HTTP_PORT must be a port from 1 to 65535.")]
    public int HttpPort { get; set; } = 5080;

    /// <summary>The sandbox network's port on 127.0.0.1.</summary>
    [Range(1, 65535, ErrorMessage = "STELLARPAY_SANDBOX_PORT must be a port from 1 to 65535.")]
    public int SandboxPort { get; set; } = 8000;

    /// <summary>How often the sandbox closes a ledger, in milliseconds.</summary>
    [Range(10, 60_000, ErrorMessage = "STELLARPAY_SANDBOX_CLOSE_MS must be from 10 to 60000 milliseconds.")]
    public int SandboxCloseMilliseconds { get; set; } = 1000;

    /// <summary>Orleans' cluster id.</summary>
    [Required(ErrorMessage = "STELLARPAY_CLUSTER_ID is empty.")]
    public string ClusterId { get; set; } = "stellarpay";

    /// <summary>Orleans' service id: state written under one is not seen under another.</summary>
    [Required(ErrorMessage = "STELLARPAY_SERVICE_ID is empty.")]
    public string ServiceId { get; set; } = "stellarpay";

    /// <summary>The address of this machine at which other silos and front doors reach the silo.</summary>
    public string SiloAddress { get; set; } = "127.0.0.1";

    /// <summary>The silo's port for other silos.</summary>
    [Range(1, 65535, ErrorMessage = "STELLARPAY_SILO_PORT must be a port from 1 to 65535.")]
    public int SiloPort { get; set; } = 11111;

    /// <summary>The silo's port for clients.</summary>
    [Range(1, 65535, ErrorMessage = "STELLARPAY_GATEWAY_PORT must be a port from 1 to 65535.")]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// The folder with <c>tls.crt</c>, <c>tls.key</c> and <c>ca.crt</c>, by which silos and front doors know each other; empty means that
    /// they speak in clear, which outside of development they do on one machine only.
    /// </summary>
    public string ClusterTls { get; set; } = "";

    /// <summary>Where spans and metrics go by OTLP; empty means nowhere. The exporter's other variables are OpenTelemetry's own.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>The port of <c>/metrics</c>; 0 means none.</summary>
    [Range(0, 65535, ErrorMessage = "STELLARPAY_METRICS_PORT must be a port from 1 to 65535, or 0 for none.")]
    public int MetricsPort { get; set; }

    /// <summary>The address of this machine at which <c>/metrics</c> answers.</summary>
    public string MetricsAddress { get; set; } = "127.0.0.1";

    /// <summary>A fault point to arm at start, <c>POINT:kill</c>; taken in development only.</summary>
    public string Fault { get; set; } = "";

    /// <summary>Whether the key that encrypts data keys is in Azure Key Vault.</summary>
    public bool UsesAzureKeyVault => WalletKeyProvider == KeyProviders.AzureKeyVault;

    /// <summary>Whether somebody collects traces.</summary>
    public bool TellsTraces => OtlpEndpoint.Length > 0;

    /// <summary>Whether somebody collects metrics.</summary>
    public bool TellsMetrics => TellsTraces || MetricsPort > 0;

    /// <summary>Whether this process hosts the role.</summary>
    public bool Hosts(string role) =>
        Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Contains(role, StringComparer.OrdinalIgnoreCase);
}
