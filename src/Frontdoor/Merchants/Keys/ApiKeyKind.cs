namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>What a key is for.</summary>
internal enum ApiKeyKind
{
    /// <summary><c>pk_</c>: for pages, which show it to everybody.</summary>
    Publishable,

    /// <summary><c>sk_</c>: for servers; may all that keys may.</summary>
    Secret,

    /// <summary><c>rk_</c>: for servers; may what it was given.</summary>
    Restricted,
}

/// <summary>How kinds are written.</summary>
internal static class ApiKeyKinds
{
    public static string NameOf(ApiKeyKind kind) => kind switch
    {
        ApiKeyKind.Publishable => "publishable",
        ApiKeyKind.Secret => "secret",
        _ => "restricted",
    };

    public static ApiKeyKind? Read(string? name) => name switch
    {
        "publishable" => ApiKeyKind.Publishable,
        "secret" => ApiKeyKind.Secret,
        "restricted" => ApiKeyKind.Restricted,
        _ => null,
    };
}
