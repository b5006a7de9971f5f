using System.Globalization;
using System.Text.Json;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon.Json;

/// <summary>Horizon's fields, strictly: a wrong one is a <see cref="JsonException"/> that names it.</summary>
internal static class JsonField
{
    internal static T Need<T>(T? value, string field)
        where T : class => value ?? throw Wrong(field);

    internal static T Need<T>(T? value, string field)
        where T : struct => value ?? throw Wrong(field);

    internal static AccountId Account(string? text, string field) =>
        AccountId.TryParse(text, out var account) ? account : throw Wrong(field);

    internal static AccountId? OptionalAccount(string? text, string field) =>
        string.IsNullOrEmpty(text) ? null : Account(text, field);

    internal static MuxedAccount Muxed(string? text, ulong? id, string field) => new(Account(text, field), id);

    internal static long Stroops(string? text, string field) =>
        StellarAmount.TryParse(text, out var stroops) ? stroops : throw Wrong(field);

    internal static Int128 WideStroops(string? text, string field) =>
        StellarAmount.TryParseWide(text, out var stroops) ? stroops : throw Wrong(field);

    internal static long? OptionalStroops(string? text, string field) => text is null ? null : Stroops(text, field);

    internal static Hash Hash(string? hex, string field)
    {
        Span<byte> bytes = stackalloc byte[Xdr.Hash.Size];
        return hex?.Length == 2 * Xdr.Hash.Size
            && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done
                ? new Hash(bytes)
                : throw Wrong(field);
    }

    internal static byte[] Base64(string? text, string field)
    {
        var bytes = new byte[(Need(text, field).Length + 3) / 4 * 3];
        return Convert.TryFromBase64String(text!, bytes, out var length) ? bytes[..length] : throw Wrong(field);
    }

    internal static long Int64(string? text, string field) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(field);

    internal static ulong UInt64(string? text, string field) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(field);

    internal static Asset Asset(string? type, string? code, string? issuer, string field)
    {
        if (type == "native")
        {
            return Xdr.Asset.Native;
        }
        var known = type is "credit_alphanum4" or "credit_alphanum12";
        return known && AssetCode.TryParse(code, out var assetCode)
            ? new Asset(assetCode, Account(issuer, field))
            : throw Wrong(field);
    }

    /// <summary>"native" or "CODE:ISSUER", as claimable balances write it.</summary>
    internal static Asset Asset(string? text, string field) =>
        Xdr.Asset.TryParse(text, out var asset) ? asset : throw Wrong(field);

    internal static JsonException Wrong(string field) =>
        new($"The field '{field}' of Horizon's answer is missing or not what it should be.");
}
