using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Origins;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>What is said of a key, after it has been checked; null of what was not said.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Permissions">What it may.</param>
/// <param name="Addresses">The networks that it may be used from, in the form in which they are kept.</param>
/// <param name="Origins">The origins of pages that may use it.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record ApiKeyForm(
    ApiKeyKind Kind, string? Name, string[]? Permissions, string[]? Addresses, string[]? Origins, DateTimeOffset? ExpiresAt)
{
    private const int MostListed = 20;
    private const int LongestOrigin = 255;

    /// <summary>Reads what is said of a new key.</summary>
    public static (ApiKeyForm? Form, Problem? Problem) Read(NewApiKeyRequest request, bool isLive, DateTimeOffset now)
    {
        if (request.Kind is null or "" || request.Name is null or "")
        {
            return (null, Problem.Missing(request.Kind is null or "" ? "kind" : "name"));
        }

        if (ApiKeyKinds.Read(request.Kind) is not { } kind)
        {
            return (null, Problem.Invalid("kind_invalid", "'kind' is publishable, secret or restricted.", "kind"));
        }

        if (request.ExpiresAt <= now)
        {
            return (null, Problem.Invalid("expires_at_invalid", "'expires_at' is in the future.", "expires_at"));
        }

        var (permissions, wrong) = ReadPermissions(kind, request.Permissions ?? []);
        if (wrong is not null)
        {
            return (null, wrong);
        }

        var (form, bad) = Read(kind, request.Name, request.AllowedAddresses ?? [], request.AllowedOrigins ?? [], isLive);
        return (form is null ? null : form with { Permissions = permissions, ExpiresAt = request.ExpiresAt }, bad);
    }

    /// <summary>Reads what is to be changed of a key.</summary>
    public static (ApiKeyForm? Form, Problem? Problem) Read(ApiKeyChangeRequest request, ApiKeyKind kind, bool isLive) =>
        Read(kind, request.Name, request.AllowedAddresses, request.AllowedOrigins, isLive);

    private static (ApiKeyForm? Form, Problem? Problem) Read(
        ApiKeyKind kind, string? givenName, string[]? givenAddresses, string[]? givenOrigins, bool isLive)
    {
        string? name = null;
        if (givenName is not null && !PersonName.TryParse(givenName, out name))
        {
            return (null, Problem.Invalid("name_invalid", "'name' has 1 to 100 characters, and none that is not seen.", "name"));
        }

        var (addresses, wrong) = ReadAddresses(givenAddresses);
        if (wrong is not null)
        {
            return (null, wrong);
        }

        return givenOrigins is { Length: > 0 } && WhyNot(kind, givenOrigins, isLive) is { } refused
            ? (null, refused)
            : (new ApiKeyForm(kind, name, null, addresses, givenOrigins?.Distinct(StringComparer.Ordinal).ToArray(), null), null);
    }

    private static (string[] Permissions, Problem? Problem) ReadPermissions(ApiKeyKind kind, string[] given)
    {
        if (kind != ApiKeyKind.Restricted)
        {
            return ([], given.Length == 0
                ? null
                : Problem.Invalid("permissions_invalid", "Only a restricted key is given permissions.", "permissions"));
        }

        return given.Length > 0 && Array.TrueForAll(given, one => one is not null && MerchantPermissions.OfKeys.Contains(one))
            ? ([.. given.Distinct(StringComparer.Ordinal)], null)
            : ([], Problem.Invalid(
                "permissions_invalid",
                $"A restricted key has some of {string.Join(", ", MerchantPermissions.OfKeys.Order(StringComparer.Ordinal))}.", "permissions"));
    }

    private static (string[]? Addresses, Problem? Problem) ReadAddresses(string[]? given)
    {
        if (given is null)
        {
            return (null, null);
        }

        var read = new List<string>();
        foreach (var one in given.Take(MostListed + 1))
        {
            if (!AllowedAddress.TryRead(one, out var network) || read.Count == MostListed)
            {
                return (null, Problem.Invalid(
                    "allowed_addresses_invalid",
                    $"'allowed_addresses' are at most {MostListed} IP addresses or networks such as 203.0.113.0/24.", "allowed_addresses"));
            }

            read.Add(network);
        }

        return ([.. read.Distinct(StringComparer.Ordinal)], null);
    }

    private static Problem? WhyNot(ApiKeyKind kind, string[] origins, bool isLive)
    {
        if (kind != ApiKeyKind.Publishable)
        {
            return Problem.Invalid("allowed_origins_invalid", "Only a publishable key is for pages.", "allowed_origins");
        }

        return origins.Length <= MostListed
            && Array.TrueForAll(origins, origin => origin is { Length: <= LongestOrigin } && OurOrigins.IsOrigin(origin)
                && !(isLive && origin.StartsWith("http:", StringComparison.Ordinal)))
                ? null
                : Problem.Invalid(
                    "allowed_origins_invalid",
                    $"'allowed_origins' are at most {MostListed} origins such as https://shop.example, without a path or a wildcard, in ASCII (xn--…); "
                    + "only this machine's own may be http, and only in test mode.",
                    "allowed_origins");
    }
}
