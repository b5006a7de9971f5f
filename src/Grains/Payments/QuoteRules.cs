using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Requests;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.Payments;

/// <summary>What a request asks for, once it has been read.</summary>
/// <param name="Destination">The account to pay, <c>G…</c> or <c>M…</c>.</param>
/// <param name="Recipient">How the payer named the recipient.</param>
/// <param name="Asset">What the recipient gets.</param>
/// <param name="Stroops">How much of it; by its price, where what the payer sends is exact.</param>
/// <param name="Memo">The text memo, or null.</param>
/// <param name="Path">The other asset that the payer spends; else null.</param>
/// <param name="Price">What that costs, once it is known.</param>
/// <param name="Facts">What is known of the recipient; null for nothing.</param>
internal sealed record QuoteTerms(
    string Destination, string Recipient, Asset Asset, long Stroops, string? Memo, PathTerms? Path = null, PathPrice? Price = null,
    RecipientFacts? Facts = null)
{
    /// <summary>The account on the ledger, whether or not the destination is muxed.</summary>
    public string Account => MuxedAccount.Parse(Destination).AccountId.ToString();

    /// <summary>Whether the destination is an <c>M…</c> address.</summary>
    public bool IsMuxed => MuxedAccount.Parse(Destination).Id is not null;

    /// <summary>What leaves the wallet.</summary>
    public Asset Leaving => Path?.Source ?? Asset;

    /// <summary>The most of it that may.</summary>
    public long LeavingStroops => Price?.SourceMaxStroops ?? Stroops;
}

/// <summary>Reads a request for a quote, and checks it against the wallet alone.</summary>
internal static class QuoteRules
{
    /// <summary>The code of what <see cref="CheckFrozen"/> refuses.</summary>
    public const string AssetFrozen = "asset_frozen";

    public const string AmountRule =
        "The amount must be more than zero: digits with at most one dot and seven decimal places.";

    private const int MaxRecipientLength = 320;

    /// <summary>Reads a request, or says which of its fields is wrong.</summary>
    public static Result<QuoteTerms> Read(QuoteRequest request, string ownAddress, IReadOnlyList<string> assets)
    {
        if (IdempotencyLedger.Check(request.IdempotencyKey) is { } keyError)
        {
            return keyError;
        }

        if (!MuxedAccount.TryParse(request.Destination, out var destination))
        {
            return Invalid("destination_invalid", "The destination is not an address of the Stellar network.", "destination");
        }

        if (destination.AccountId.ToString() == ownAddress)
        {
            return new Error(ErrorKind.Refused, "self_payment", "A wallet cannot pay itself.", "recipient");
        }

        if (string.IsNullOrWhiteSpace(request.Recipient) || request.Recipient.Length > MaxRecipientLength
            || !PlainText.Is(request.Recipient))
        {
            return Invalid(
                "recipient_invalid", $"The recipient must be 1 to {MaxRecipientLength} characters, none of them a control character.",
                "recipient");
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
        return CheckMemo(memo, request.Facts?.MemoType, destination) is { } bad
            ? bad
            : new QuoteTerms(request.Destination, request.Recipient, asset, stroops, memo, path, Facts: request.Facts);
    }

    // An M address names its recipient itself; a memo beside it would be a second opinion (SEP-23).
    private static Error? CheckMemo(string? memo, string? type, MuxedAccount destination)
    {
        if (destination.Id is not null && memo is not null)
        {
            return Invalid("memo_not_allowed", "A payment to an M… address carries no memo; the address says it all.", "memo");
        }

        if (memo is not null && !PlainText.Is(memo))
        {
            return Invalid("memo_invalid", "The memo must have no control characters.", "memo");
        }

        return PaymentMemo.Read(type, memo) is null ? Invalid("memo_invalid", PaymentMemo.RuleOf(type), "memo") : null;
    }

    /// <summary>Whether the asset's issuer lets the wallet send it (CAP-18).</summary>
    public static Error? CheckFrozen(WalletState state, string asset) => WalletBalances.IsFrozen(state, asset)
        ? new Error(ErrorKind.Refused, AssetFrozen,
            $"The issuer of {Asset.Parse(asset).Code} has frozen what this wallet holds of it. It can be sent again when the issuer allows it.",
            "asset")
        : null;

    /// <summary>Whether the wallet has so much to spend.</summary>
    /// <param name="state">The wallet.</param>
    /// <param name="terms">What is to be paid.</param>
    /// <param name="held">What is reserved for just this already.</param>
    public static Error? CheckBalance(WalletState state, QuoteTerms terms, long held = 0)
    {
        if (CheckFrozen(state, terms.Leaving.Canonical) is { } frozen)
        {
            return frozen;
        }

        var spendable = WalletBalances.Spendable(state, terms.Leaving.Canonical) + held;
        return terms.LeavingStroops > spendable
            ? new Error(ErrorKind.Refused, "insufficient_funds",
                $"The wallet has {Amount.Format(Math.Max(0, spendable))} {terms.Leaving.Code} to spend, which is not enough.", "amount")
            : null;
    }

    /// <summary>
    /// Whether the network keeps a reserve of what is to leave. The platform carries the reserves of the accounts that it opens, so that
    /// all of their XLM can be spent. An account that someone else created first keeps its own, and the network lets nobody spend that.
    /// </summary>
    public static bool HasReserve(WalletState state, QuoteTerms terms) => terms.Leaving.IsNative && state.OwnReserve is true;

    /// <summary>Whether what leaves the wallet leaves it that reserve.</summary>
    /// <param name="state">The wallet.</param>
    /// <param name="terms">What is to be paid.</param>
    /// <param name="own">Its account; null where that was not to be looked at.</param>
    /// <param name="held">What is reserved for just this already.</param>
    /// <param name="fee">What leaves it besides, in the same asset.</param>
    public static Error? CheckReserve(WalletState state, QuoteTerms terms, NetworkAccount? own, long held = 0, long fee = 0)
    {
        if (!terms.Leaving.IsNative || own is null || own.ReserveStroops == 0)
        {
            return null;
        }

        var promised = WalletBalances.Reserved(state, Asset.Native.Canonical) - held;
        return terms.LeavingStroops > own.AvailableStroops - promised - fee
            ? new Error(ErrorKind.Refused, "insufficient_funds",
                $"Of the wallet's XLM, {Amount.Format(own.ReserveStroops)} is the network's reserve and cannot be spent.", "amount")
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

    private static Error Invalid(string code, string message, string param) =>
        new(ErrorKind.InvalidRequest, code, message, param);
}
