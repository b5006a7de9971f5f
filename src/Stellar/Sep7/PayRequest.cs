using System.Globalization;
using System.Text;
using StellarPay.Stellar.Sep2;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Sep7;

/// <summary>A request to pay someone, by whatever route the payer chooses.</summary>
/// <remarks>Source: SEP-7, operation <c>pay</c>.</remarks>
public sealed record PayRequest : StellarUri
{
    /// <summary>A request to pay someone.</summary>
    /// <param name="destination">An account (G…, M…), a contract (C…) or a federated address (name*domain).</param>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public PayRequest(string destination)
    {
        if (!IsDestination(destination))
        {
            throw new ArgumentException(
                "The destination is neither an account, nor a contract, nor a federated address.", nameof(destination));
        }
        Destination = destination;
    }

    /// <summary>Who is to be paid: an account (G…, M…), a contract (C…) or a federated address (name*domain).</summary>
    public string Destination { get; }

    /// <summary>How much the destination shall receive, in stroops, above zero; null lets the payer choose.</summary>
    public long? Amount { get; init; }

    /// <summary>What the destination shall receive; the native asset unless set.</summary>
    public Asset Asset { get; init; } = Asset.Native;

    /// <summary>The memo that the payment shall carry.</summary>
    public Memo Memo { get; init; } = Memo.None;

    private protected override string Operation => "pay";

    internal static PayRequest From(UriParameters parameters)
    {
        var destination = parameters["destination"];
        if (!IsDestination(destination))
        {
            throw new FormatException("The destination is neither an account, nor a contract, nor a federated address.");
        }
        return new PayRequest(destination!)
        {
            Amount = ReadAmount(parameters["amount"]),
            Asset = ReadAsset(parameters["asset_code"], parameters["asset_issuer"]),
            Memo = ReadMemo(parameters["memo"], parameters["memo_type"]),
        };
    }

    private protected override void WriteParameters(UriWriter writer)
    {
        Require(Amount is not <= 0, "An amount is above zero.");
        writer.Write("destination", Destination);
        writer.Write("amount", Amount is { } amount ? Short(amount) : null);
        writer.Write("asset_code", Asset.IsNative ? null : Asset.Code.ToString());
        writer.Write("asset_issuer", Asset.IsNative ? null : Asset.Issuer.ToString());
        var (memo, type) = Memo switch
        {
            MemoText text => (TextOf(text), "MEMO_TEXT"),
            MemoId id => (id.Id.ToString(CultureInfo.InvariantCulture), "MEMO_ID"),
            MemoHash hash => (Convert.ToBase64String(hash.Hash.ToArray()), "MEMO_HASH"),
            MemoReturn hash => (Convert.ToBase64String(hash.Hash.ToArray()), "MEMO_RETURN"),
            _ => (null, null),
        };
        writer.Write("memo", memo);
        writer.Write("memo_type", type);
    }

    private static bool IsDestination(string? text) =>
        MuxedAccount.TryParse(text, out _)
        || StrKey.IsValid(text, StrKeyKind.Contract)
        || FederationAddress.TryParse(text, out _);

    // "12.5", not "12.5000000": shorter URIs make QR codes that are easier to scan.
    private static string Short(long stroops) => StellarAmount.Format(stroops).TrimEnd('0').TrimEnd('.');

    private static string TextOf(MemoText memo)
    {
        Require(memo.Text.IsUtf8, "A memo that is not UTF-8 has no place in a URI.");
        return memo.Text.ToString();
    }

    private static long? ReadAmount(string? text)
    {
        if (text is null)
        {
            return null;
        }
        return StellarAmount.TryParse(text, out var stroops) && stroops > 0
            ? stroops
            : throw new FormatException("The amount is not a decimal number above zero with at most 7 places.");
    }

    private static Asset ReadAsset(string? code, string? issuer)
    {
        if (issuer is null)
        {
            return code is null or "XLM" ? Asset.Native : throw new FormatException("The asset_issuer is missing.");
        }
        return AssetCode.TryParse(code, out var assetCode) && AccountId.TryParse(issuer, out var account)
            ? new Asset(assetCode, account)
            : throw new FormatException("The asset_code or asset_issuer is not valid.");
    }

    private static Memo ReadMemo(string? memo, string? type)
    {
        if (memo is null)
        {
            return type is null ? Memo.None : throw new FormatException("There is a memo_type without a memo.");
        }
        return type switch
        {
            null or "MEMO_TEXT" when Encoding.UTF8.GetByteCount(memo) <= MemoText.MaxBytes => new MemoText(memo),
            "MEMO_ID" when ulong.TryParse(memo, NumberStyles.None, CultureInfo.InvariantCulture, out var id) =>
                new MemoId(id),
            "MEMO_HASH" when ReadHash(memo) is { } hash => new MemoHash(hash),
            "MEMO_RETURN" when ReadHash(memo) is { } hash => new MemoReturn(hash),
            _ => throw new FormatException("The memo is not one of its memo_type."),
        };
    }

    private static Hash? ReadHash(string base64)
    {
        Span<byte> bytes = stackalloc byte[Hash.Size];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length == Hash.Size ? new Hash(bytes) : null;
    }
}
