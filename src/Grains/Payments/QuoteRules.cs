using System.Text;
using StellarPay.Grains.Money;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar;

namespace StellarPay.Grains.Payments;

/// <summary>What a request asks for, once it has been read.</summary>
internal sealed record QuoteTerms(string Destination, string Recipient, Asset Asset, long Stroops, string? Memo);

/// <summary>Reads a request for a quote, and checks it against the wallet alone.</summary>
internal static class QuoteRules
{
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

        if (FindAsset(request.Asset, assets) is not { } asset)
        {
            return Invalid("unknown_asset", "The wallet does not hold an asset of that name.", "asset");
        }

        if (!Amount.TryParseStroops(request.Amount, out var stroops) || stroops == 0)
        {
            return Invalid("amount_invalid",
                "The amount must be more than zero: digits with at most one dot and seven decimal places.", "amount");
        }

        var memo = string.IsNullOrEmpty(request.Memo) ? null : request.Memo;
        return IsMemo(memo)
            ? new QuoteTerms(request.Destination, request.Recipient, asset, stroops, memo)
            : Invalid("memo_invalid", $"The memo must be at most {MaxMemoBytes} bytes of text.", "memo");
    }

    /// <summary>Whether the wallet has so much to spend.</summary>
    public static Error? CheckBalance(WalletState state, QuoteTerms terms)
    {
        var spendable = WalletBalances.Spendable(state, terms.Asset.Canonical);
        return terms.Stroops > spendable
            ? new Error(ErrorKind.Refused, "insufficient_funds",
                $"The wallet has {Amount.Format(Math.Max(0, spendable))} {terms.Asset.Code} to spend, which is not enough.", "amount")
            : null;
    }

    private static Asset? FindAsset(string? name, IReadOnlyList<string> assets)
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
