using System.Net;
using System.Security.Cryptography;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Signing;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>A key that was shown, as the database has it, with what is to be known of its merchant.</summary>
/// <param name="Id">Its id, <c>key_…</c>.</param>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Permissions">What it may.</param>
/// <param name="Addresses">The networks that it may be used from; none for all.</param>
/// <param name="Origins">The origins of the pages that may use it.</param>
/// <param name="EndsAt">When it ends, or this secret of it; null where never.</param>
/// <param name="IsRevoked">Whether it was taken away.</param>
/// <param name="IsLive">Whether it is of a deployment where payments are real.</param>
/// <param name="Status">How far the merchant is.</param>
/// <param name="Tier">The merchant's tier.</param>
/// <param name="Signing">What requests by it are signed with, and whether they must be.</param>
internal sealed record ApiKey(
    string Id, MerchantId Merchant, ApiKeyKind Kind, IReadOnlySet<string> Permissions, IPNetwork[] Addresses, string[] Origins,
    DateTimeOffset? EndsAt, bool IsRevoked, bool IsLive, MerchantStatus Status, int Tier, KeySigning Signing)
{
    public const string Prefix = "key_";

    private const int IdBytes = 12;

    /// <summary>A new id; those of one merchant sort by the time they were made.</summary>
    public static string NewId(TimeProvider time) =>
        Prefix + Grains.Identifiers.EventId.New(time).Value[Grains.Identifiers.EventId.Prefix.Length..];

    public static bool IsId(string text) =>
        text.Length == Prefix.Length + (2 * IdBytes)
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdefghjkmnpqrstvwxyz") < 0;

    /// <summary>Whom it lets in.</summary>
    public MerchantCaller Caller => new(Merchant, IsLive, Tier, Status, Permissions) { KeyId = Id, KeyKind = Kind, Signing = Signing };

    /// <summary>Whether a digest is the one that was asked for, in a time that does not tell how much of it is.</summary>
    public static bool IsSame(byte[] one, byte[] other) => CryptographicOperations.FixedTimeEquals(one, other);

    public bool MayComeFrom(IPAddress? address)
    {
        if (Addresses.Length == 0)
        {
            return true;
        }

        var from = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return from is not null && Array.Exists(Addresses, network => network.Contains(from));
    }
}
