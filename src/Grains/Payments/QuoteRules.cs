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

    /// <summary>The limits first, then the balance.</summary>
    public static Error? CheckWallet(WalletState state, QuoteTerms terms, PaymentLimits limits, DateTimeOffset now)
    {
        if (terms.Stroops > limits.PaymentStroops)
        {
            return LimitExceeded($"A payment can be at most {Amount.Format(limits.PaymentStroops)} {terms.Asset.Code}.");
        }

        if (!LimitLedger.Allows(state.Limits, terms.Asset.Canonical, terms.Stroops, limits.DailyStroops, now))
        {
            return LimitExceeded(
                $"Payments in 24 hours can be at most {Amount.Format(limits.DailyStroops)} {terms.Asset.Code} together.");
        }

        return terms.Stroops > WalletBalances.Spendable(state, terms.Asset.Canonical)
            ? new Error(ErrorKind.Refused, "insufficient_funds", "The wallet has not enough to pay this.", "amount")
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

    private static Error LimitExceeded(string message) => new(ErrorKind.Refused, "limit_exceeded", message, "amount");
}

/// <summary>The limits of a wallet's payments, in stroops of whatever asset.</summary>
internal sealed record PaymentLimits(long PaymentStroops, long DailyStroops)
{
    public static PaymentLimits Of(WalletOptions options) =>
        new(Stroops(options.PaymentLimit), Stroops(options.DailyLimit));

    private static long Stroops(string amount) => Amount.TryParseStroops(amount, out var stroops)
        ? stroops
        : throw new InvalidOperationException($"Wallets: '{amount}' is not an amount.");
}
