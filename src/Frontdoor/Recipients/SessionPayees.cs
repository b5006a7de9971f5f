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
internal sealed record SessionDues(IReadOnlyList<SessionDue> All)
{
    public static SessionDues Of(PaymentSessionAnswer session)
    {
        var rests = CheckoutStates.Dues(session).ToDictionary(due => CanonicalOf(due), due => due.Amount, StringComparer.Ordinal);
        return new SessionDues([.. session.Assets.Select(due => new SessionDue(due.Asset, CanonicalOf(due), rests[CanonicalOf(due)]))]);
    }

    /// <summary>The asset that a payer names by its code or in full, or the first where he names none; null where it is not taken.</summary>
    public SessionDue? Find(string? asset) => asset is null
        ? All[0]
        : All.FirstOrDefault(due => due.Canonical == asset) ?? All.FirstOrDefault(due => due.Code == asset);

    private static string CanonicalOf(SessionAssetAnswer due) => due.Issuer is { } issuer ? $"{due.Asset}:{issuer}" : Asset.Native.Canonical;
}

/// <summary>What is left to pay in one asset.</summary>
/// <param name="Code">The asset's code.</param>
/// <param name="Canonical">The asset in full.</param>
/// <param name="Amount">How much, as decimal text; 0 where nothing is.</param>
internal sealed record SessionDue(string Code, string Canonical, string Amount);
