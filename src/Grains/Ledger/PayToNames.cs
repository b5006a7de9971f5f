using System.Globalization;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// By what a payment names somebody besides the owner of the address: the text memo that is a session's id, or that id's number, as an id
/// memo for who can only type numbers, or in a muxed address (SEP-23) for whoever's wallet takes no memo.
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

        var byMemo = OfMemo(to, movement);
        var byAddress = MuxedAccount.TryParse(movement.ToMuxed, out var muxed) && muxed.Id is { } id ? OfNumber(to, id) : null;
        return (byMemo, byAddress) switch
        {
            ({ } one, { } other) => one.Number == other.Number ? one : null,
            _ => byMemo ?? byAddress,
        };
    }

    private static NamedPayee? OfMemo(string to, LedgerOperation movement) => movement.MemoType switch
    {
        "text" when PaymentSessionId.TryParse(movement.Memo, out var session) => new NamedPayee(to, session.Number, session.Value),
        "id" when ulong.TryParse(movement.Memo, NumberStyles.None, CultureInfo.InvariantCulture, out var id) => OfNumber(to, id),
        _ => null,
    };

    private static NamedPayee? OfNumber(string to, ulong id) => id <= long.MaxValue ? new NamedPayee(to, (long)id, Key: null) : null;
}
