using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Recipients;

/// <summary>Payment sessions as recipients: the shop's address, the memo that names the session, and what is left to pay.</summary>
internal sealed class SessionPayees(CheckoutMemory memory)
{
    /// <summary>
    /// Who is paid by a session. One that is over is found too: its wallet knows what was asked under a key before, and refuses the rest.
    /// </summary>
    public async Task<Result<Recipient>> FindAsync(PaymentSessionId session, CancellationToken cancellationToken)
    {
        if (await memory.FindAsync(session, isWhole: false, cancellationToken) is not { Session: { } sale })
        {
            return new Error(ErrorKind.Refused, "recipient_not_found", "There is no such payment session.", "recipient");
        }

        var facts = new RecipientFacts(IsUser: false, Handle: null, OwnMemo: true);
        return new Recipient(sale.PayTo.Address, session.Value, RecipientKind.Session, facts, sale.PayTo.Memo, SessionDues.Of(sale));
    }
}

/// <summary>What can be paid for a session, in each asset that it takes, in its own order.</summary>
/// <param name="All">Each asset.</param>
/// <param name="Begun">The asset in which a real share of the price has come, where that is not the first; else null.</param>
internal sealed record SessionDues(IReadOnlyList<SessionDue> All, string? Begun)
{
    public static SessionDues Of(PaymentSessionAnswer session)
    {
        SessionAssetAnswer[] dues = [.. CheckoutStates.Dues(session)];
        var rests = dues.ToDictionary(due => due.Canonical(), due => due.Amount, StringComparer.Ordinal);
        var all = session.Assets.Select(due => new SessionDue(
            due.Asset, due.Canonical(), rests[due.Canonical()],
            // Of two assets with one code it is not known in which of them something has come.
            IsExact: session.Received is null || session.Assets.Count(each => each.Asset == due.Asset) == 1)).ToArray();
        return new SessionDues(all, dues[0].Canonical() == all[0].Canonical ? null : dues[0].Asset);
    }

    /// <summary>
    /// The asset that a payer names by its code or in full, or the first where he names none and no other is begun; null where it is not
    /// taken, or not said.
    /// </summary>
    public SessionDue? Find(string? asset)
    {
        if (asset is null)
        {
            return Begun is null ? All[0] : null;
        }

        SessionDue[] named = [.. All.Where(due => due.Canonical == asset || due.Code == asset)];
        return named.FirstOrDefault(due => due.Canonical == asset) ?? (named.Length == 1 ? named[0] : null);
    }
}

/// <summary>What is left to pay in one asset.</summary>
/// <param name="Code">The asset's code.</param>
/// <param name="Canonical">The asset in full.</param>
/// <param name="Amount">How much, as decimal text.</param>
/// <param name="IsExact">Whether that is known; else nothing that has come is taken off.</param>
internal sealed record SessionDue(string Code, string Canonical, string Amount, bool IsExact);
