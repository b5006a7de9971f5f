using System.Text;
using StellarPay.Grains.Money;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar;

namespace StellarPay.Grains.Payments;

/// <summary>What a request asks for, once it has been read.</summary>
/// <param name="Destination">The account to pay.</param>
/// <param name="Recipient">How the payer named the recipient.</param>
/// <param name="Asset">What the recipient gets.</param>
/// <param name="Stroops">How much of it; by its price, where what the payer sends is exact.</param>
/// <param name="Memo">The text memo, or null.</param>
/// <param name="Path">The other asset that the payer spends; else null.</param>
/// <param name="Price">What that costs, once it is known.</param>
internal sealed record QuoteTerms(
    string Destination, string Recipient, Asset Asset, long Stroops, string? Memo, PathTerms? Path = null, PathPrice? Price = null)
{
    /// <summary>What leaves the wallet.</summary>
    public Asset Leaving => Path?.Source ?? Asset;

    /// <summary>The most of it that may.</summary>
    public long LeavingStroops => Price?.SourceMaxStroops ?? Stroops;
}

/// <summary>Reads a request for a quote, and checks it against the wallet alone.</summary>
internal static class QuoteRules
{
    public const string AmountRule =
        "The amount must be more than zero: digits with at most one dot and seven decimal places.";

    private const int MaxMemoBytes = 28;
    private const int MaxRecipientLength = 320;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads a request, or says which of its fields is wrong.</summary>
    public static Result<QuoteTerms> Read(QuoteRequest request, string ownAddress, IReadOnlyList<string> assets)
    {
        if (IdempotencyLedger.Check(request.IdempotencyKey) is { } keyError)
        {
            return keyError;
        }

        if (!AccountId.TryParse(request.Destination, out _))
        {
            return Invalid("destination_invalid", "The destination is not an address of the Stellar network.", "destination");
        }

        if (request.Destination == ownAddress)
        {
            return new Error(ErrorKind.Refused, "self_payment", "A wallet cannot pay itself.", "recipient");
        }

        if (string.IsNullOrWhiteSpace(request.Recipient) || request.Recipient.Length > MaxRecipientLength)
        {
            return Invalid("recipient_invalid", $"The recipient must be 1 to {MaxRecipientLength} characters.", "recipient");
        }

        // What the payer does not hold, he may still pay by a path.
        if ((FindAsset(request.Asset, assets) ?? (request.SourceAsset is null ? null : ForeignAsset(request.Asset))) is not { } asset)
        {
            return Invalid("unknown_asset", "The wallet does not hold an asset of that name.", "asset");
        }

        var (path, wrong) = PathRules.Read(request, asset, assets);
        if (wrong is not null)
        {
            return wrong;
        }

        var stroops = 0L;
        if (path?.SourceStroops is null && (!Amount.TryParseStroops(request.Amount, out stroops) || stroops == 0))
        {
            return Invalid("amount_invalid", AmountRule, "amount");
        }

        var memo = string.IsNullOrEmpty(request.Memo) ? null : request.Memo;
        return IsMemo(memo)
            ? new QuoteTerms(request.Destination, request.Recipient, asset, stroops, memo, path)
            : Invalid("memo_invalid", $"The memo must be at most {MaxMemoBytes} bytes of text.", "memo");
    }

    /// <summary>Whether the wallet has so much to spend.</summary>
    public static Error? CheckBalance(WalletState state, QuoteTerms terms)
    {
        var spendable = WalletBalances.Spendable(state, terms.Leaving.Canonical);
        return terms.LeavingStroops > spendable
            ? new Error(ErrorKind.Refused, "insufficient_funds",
                $"The wallet has {Amount.Format(Math.Max(0, spendable))} {terms.Leaving.Code} to spend, which is not enough.", "amount")
            : null;
    }

    /// <summary>An asset of the wallet, by its bare code or its canonical form.</summary>
    public static Asset? FindAsset(string? name, IReadOnlyList<string> assets)
    {
        foreach (var canonical in assets.Prepend(Asset.Native.Canonical))
        {
            var asset = Asset.Parse(canonical);
            if (name == asset.Canonical || name == asset.Code)
            {
                return asset;
            }
        }

        return null;
    }

    private static Asset? ForeignAsset(string name) =>
        Asset.TryParse(name, out var asset) && (asset.Issuer is null || AccountId.TryParse(asset.Issuer, out _)) ? asset : null;

    private static bool IsMemo(string? memo)
    {
        if (memo is null)
        {
            return true;
        }

        try
        {
            return StrictUtf8.GetByteCount(memo) <= MaxMemoBytes && !memo.Contains('\0', StringComparison.Ordinal);
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static Error Invalid(string code, string message, string param) =>
        new(ErrorKind.InvalidRequest, code, message, param);
}
