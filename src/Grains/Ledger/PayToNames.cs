using System.Globalization;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// By what a payment names somebody at an address: the text memo that is a session's id, or the merchant's own, or that id's number, as an
/// id memo for who can only type numbers, or in a muxed address (SEP-23) for whoever's wallet takes no memo.
/// </summary>
internal static class PayToNames
{
    /// <summary>Whom a movement names; null for nobody. A memo and a muxed address that name different ones name nobody.</summary>
    public static NamedPayee? Of(LedgerOperation movement)
    {
        if (movement is not { Successful: true, To: { } to, Amount.Stroops: > 0 })
        {
            return null;
        }

        var (byMemo, byAddress) = NamesIn(to, movement);
        return (byMemo, byAddress) switch
        {
            ({ } one, { } other) => one.Number == other.Number ? one : null,
            _ => byMemo ?? byAddress,
        };
    }

    /// <summary>Whom a payment that is yet to be made would name; null for nobody.</summary>
    /// <param name="to">The account that is paid, muxed or not.</param>
    /// <param name="memoType">The memo's kind: text, id, hash; null for text.</param>
    /// <param name="memo">The memo, or null.</param>
    public static NamedPayee? Of(MuxedAccount to, string? memoType, string? memo)
    {
        var account = to.AccountId.ToString();
        return to.Id is { } id ? OfNumber(account, id) : OfMemo(account, memoType ?? "text", memo);
    }

    /// <summary>Why a movement whose names are nobody's is nobody's.</summary>
    public static UnmatchedReason WhyNobody(LedgerOperation movement)
    {
        var (byMemo, byAddress) = NamesIn(movement.To ?? "", movement);
        return byMemo is { } one && byAddress is { } other && one.Number != other.Number ? UnmatchedReason.NamesDiffer
            : byMemo is null && MuxedIdOf(movement) is not null ? UnmatchedReason.MuxedIdUnknown
            : movement.MemoType is not null ? UnmatchedReason.MemoUnknown
            : UnmatchedReason.NoMemo;
    }

    private static (NamedPayee? ByMemo, NamedPayee? ByAddress) NamesIn(string to, LedgerOperation movement) =>
        (OfMemo(to, movement.MemoType, movement.Memo), MuxedIdOf(movement) is { } id ? OfNumber(to, id) : null);

    private static ulong? MuxedIdOf(LedgerOperation movement) =>
        MuxedAccount.TryParse(movement.ToMuxed, out var muxed) ? muxed.Id : null;

    private static NamedPayee? OfMemo(string to, string? type, string? memo) => type switch
    {
        "text" when PaymentSessionId.TryParse(memo, out var session) => new NamedPayee(to, session.Number, session.Value),
        // The merchant himself, who pays in what is his own.
        "text" when MerchantId.TryParse(memo, out var merchant) => new NamedPayee(to, merchant.Number, merchant.Value),
        "id" when ulong.TryParse(memo, NumberStyles.None, CultureInfo.InvariantCulture, out var id) => OfNumber(to, id),
        _ => null,
    };

    private static NamedPayee? OfNumber(string to, ulong id) => id <= long.MaxValue ? new NamedPayee(to, (long)id, Key: null) : null;
}
