using Tomlyn.Model;

namespace StellarPay.Stellar.Sep1;

/// <summary>What a domain says of its Stellar services, in <c>/.well-known/stellar.toml</c>.</summary>
/// <remarks>
/// Source: SEP-1. Whatever stands there was written by the domain's owner: a key or URL that is not valid reads as null.
/// </remarks>
public sealed record StellarToml
{
    /// <summary>Longest file that is read, in bytes.</summary>
    public const int MaxBytes = 100 * 1024;

    /// <summary>NETWORK_PASSPHRASE.</summary>
    public string? NetworkPassphrase { get; init; }

    /// <summary>FEDERATION_SERVER (SEP-2); https.</summary>
    public Uri? FederationServer { get; init; }

    /// <summary>TRANSFER_SERVER (SEP-6); https.</summary>
    public Uri? TransferServer { get; init; }

    /// <summary>TRANSFER_SERVER_SEP0024; https.</summary>
    public Uri? TransferServerSep24 { get; init; }

    /// <summary>KYC_SERVER (SEP-12); https.</summary>
    public Uri? KycServer { get; init; }

    /// <summary>WEB_AUTH_ENDPOINT (SEP-10); https.</summary>
    public Uri? WebAuthEndpoint { get; init; }

    /// <summary>DIRECT_PAYMENT_SERVER (SEP-31); https.</summary>
    public Uri? DirectPaymentServer { get; init; }

    /// <summary>ANCHOR_QUOTE_SERVER (SEP-38); https.</summary>
    public Uri? AnchorQuoteServer { get; init; }

    /// <summary>HORIZON_URL; https.</summary>
    public Uri? HorizonUrl { get; init; }

    /// <summary>SIGNING_KEY (SEP-10).</summary>
    public AccountId? SigningKey { get; init; }

    /// <summary>URI_REQUEST_SIGNING_KEY (SEP-7).</summary>
    public AccountId? UriRequestSigningKey { get; init; }

    /// <summary>ACCOUNTS: those that are valid account ids.</summary>
    public IReadOnlyList<AccountId> Accounts { get; init; } = [];

    /// <summary>ORG_NAME of the DOCUMENTATION.</summary>
    public string? OrganizationName { get; init; }

    /// <summary>ORG_URL of the DOCUMENTATION; https.</summary>
    public Uri? OrganizationUrl { get; init; }

    /// <summary>ORG_SUPPORT_EMAIL of the DOCUMENTATION.</summary>
    public string? SupportEmail { get; init; }

    /// <summary>The CURRENCIES.</summary>
    public IReadOnlyList<TomlCurrency> Currencies { get; init; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is not TOML, or too long; the message names the line.</exception>
    public static StellarToml Parse(string toml)
    {
        ArgumentNullException.ThrowIfNull(toml);
        if (toml.Length > MaxBytes)
        {
            throw new FormatException($"stellar.toml is longer than {MaxBytes} bytes.");
        }
        var root = TomlDocument.Read(toml);
        var documentation = root.Table("DOCUMENTATION");
        return new StellarToml
        {
            NetworkPassphrase = root.Text("NETWORK_PASSPHRASE"),
            FederationServer = Https(root.Text("FEDERATION_SERVER")),
            TransferServer = Https(root.Text("TRANSFER_SERVER")),
            TransferServerSep24 = Https(root.Text("TRANSFER_SERVER_SEP0024")),
            KycServer = Https(root.Text("KYC_SERVER")),
            WebAuthEndpoint = Https(root.Text("WEB_AUTH_ENDPOINT")),
            DirectPaymentServer = Https(root.Text("DIRECT_PAYMENT_SERVER")),
            AnchorQuoteServer = Https(root.Text("ANCHOR_QUOTE_SERVER")),
            HorizonUrl = Https(root.Text("HORIZON_URL")),
            SigningKey = Account(root.Text("SIGNING_KEY")),
            UriRequestSigningKey = Account(root.Text("URI_REQUEST_SIGNING_KEY")),
            Accounts = [.. root.Texts("ACCOUNTS").Select(Account).OfType<AccountId>()],
            OrganizationName = documentation?.Text("ORG_NAME"),
            OrganizationUrl = Https(documentation?.Text("ORG_URL")),
            SupportEmail = documentation?.Text("ORG_SUPPORT_EMAIL"),
            Currencies = [.. root.Tables("CURRENCIES").Select(Currency)],
        };
    }

    private static TomlCurrency Currency(TomlTable table) => new()
    {
        Code = table.Text("code"),
        Issuer = Account(table.Text("issuer")),
        Status = table.Text("status"),
        Name = table.Text("name"),
        Description = table.Text("desc"),
        AnchorAssetType = table.Text("anchor_asset_type"),
        AnchorAsset = table.Text("anchor_asset"),
        DisplayDecimals = table.Number("display_decimals") is { } decimals and >= 0 and <= StellarAmount.Places
            ? (int)decimals
            : null,
    };

    private static AccountId? Account(string? text) => AccountId.TryParse(text, out var account) ? account : null;

    private static Uri? Https(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? url : null;
}

/// <summary>An asset that a domain lists.</summary>
public sealed record TomlCurrency
{
    /// <summary>Its code; may be a template such as "CORN????????".</summary>
    public string? Code { get; init; }

    /// <summary>Its issuer.</summary>
    public AccountId? Issuer { get; init; }

    /// <summary>"live", "dead", "test" or "private".</summary>
    public string? Status { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>A description.</summary>
    public string? Description { get; init; }

    /// <summary>What backs it: "fiat", "crypto", "stock" …</summary>
    public string? AnchorAssetType { get; init; }

    /// <summary>What backs it, such as "USD".</summary>
    public string? AnchorAsset { get; init; }

    /// <summary>How many decimal places to show, 0 to 7.</summary>
    public int? DisplayDecimals { get; init; }
}
