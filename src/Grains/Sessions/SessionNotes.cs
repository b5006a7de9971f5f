using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;

namespace StellarPay.Grains.Sessions;

/// <summary>What a merchant tells a session of a payment, which is noted whatever else is so.</summary>
internal static class SessionNotes
{
    /// <summary>Notes it; false where it is of something else.</summary>
    public static bool Take(IPaymentSessionContext session, OwnerRow row)
    {
        if (UnbookedNews.Find(row.Content) is { } unbooked)
        {
            session.Refunds.Take(unbooked);
            session.Acceptances.Take(unbooked);
            Heard(session, row, unbooked.Unbooked);
            return true;
        }

        if (UnacceptedNews.Find(row.Content) is { } unaccepted)
        {
            session.Acceptances.TakeBack(unaccepted.Unaccepted);
            Heard(session, row, unaccepted.Unaccepted);
            return true;
        }

        if (BirthRefusal.Find(row.Content) is { } refusal)
        {
            session.Acceptances.BearAnew(refusal.TakenId, session.Now);
            return true;
        }

        return false;
    }

    // From here on nothing of it is ordered that is not there: the merchant need not look any more.
    private static void Heard(IPaymentSessionContext session, OwnerRow row, LedgerPlace payment)
    {
        if (row.Sender.Kind == MerchantState.Name)
        {
            ((IInboxState)session.State).Marks().Sent.Add(SentRow.Of(row.Sender, new HeardNews(payment).ToJson()));
        }
    }
}
