using System.Text.Json;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// Tells payment sessions, with the write that stores it, that a transaction is signed that pays them, and that nothing came of it. What
/// came of it else the ledger tells them. Touches nothing but the state.
/// </summary>
internal sealed class SessionTidings(WalletState state, PaymentBook payments) : ISubmissionParty
{
    // Null where nobody is told anything, as in all wallets that pay no sessions.
    private HashSet<string>? _told;

    public void Signed(Submission submission)
    {
        foreach (var (session, paying) in PayingOf(submission))
        {
            Tell(session, new SigningNews(submission.InnerHash, submission.MaxTime, AmountsOf(paying)).ToJson());
        }
    }

    public void Landed(Submission submission, Landing landing)
    {
    }

    /// <summary>What waits to be signed anew is told of then.</summary>
    public void Refused(Submission submission, Refusal refusal)
    {
        foreach (var (session, paying) in PayingOf(submission))
        {
            if (paying.TrueForAll(payment => payment.Status == PaymentStatus.Failed))
            {
                Tell(session, new SigningEnd(submission.InnerHash).ToJson());
            }
        }
    }

    /// <summary>Whom the write that was stored told something: they are to look. Once.</summary>
    public IEnumerable<string> TakeTold()
    {
        var told = _told;
        _told = null;
        return told ?? [];
    }

    private void Tell(string session, JsonElement content)
    {
        ((IInboxState)state).Marks().Sent.Add(SentRow.Of(new LedgerOwner(PaymentSessionState.Name, session), content));
        (_told ??= []).Add(session);
    }

    // One of each session, however many payments to it are in a transaction; of dust, and of what is no payment yet, none.
    private IEnumerable<(string Session, List<PaymentRecord> Paying)> PayingOf(Submission submission) => payments.In(submission)
        .Where(payment => payment.Session is not null && payment.Method != PaymentMethod.ClaimableBalance)
        .Distinct()
        .GroupBy(payment => payment.Session!, StringComparer.Ordinal)
        .Select(group => (group.Key, Paying: group.ToList()))
        .Where(each => AmountsOf(each.Paying).Values.Any(stroops => !Dust.Is(stroops)));

    private static Dictionary<string, long> AmountsOf(IEnumerable<PaymentRecord> payments) => payments
        .GroupBy(payment => payment.Asset, StringComparer.Ordinal)
        .ToDictionary(
            group => group.Key, group => group.Aggregate(0L, (sum, payment) => checked(sum + payment.Stroops)), StringComparer.Ordinal);
}
