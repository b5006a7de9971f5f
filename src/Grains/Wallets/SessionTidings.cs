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
            string[] replaced = [.. paying.Select(payment => payment.Told).OfType<string>().Distinct(StringComparer.Ordinal)];
            Tell(session, new SigningNews(
                submission.InnerHash, submission.MaxTime, AmountsOf(paying), replaced.Length == 0 ? null : replaced).ToJson());
            paying.ForEach(payment => payment.Told = submission.InnerHash);
        }
    }

    public void Landed(Submission submission, Landing landing)
    {
        foreach (var payment in payments.In(submission))
        {
            payment.Told = null;
        }
    }

    /// <summary>No ledger has it, or one has it in vain: what waits is signed anew in a moment, and is told of again, or it ends.</summary>
    public void Refused(Submission submission, Refusal refusal)
    {
        foreach (var (session, paying) in PayingOf(submission))
        {
            if (paying.Exists(payment => payment.Status == PaymentStatus.Queued && payment.Told == submission.InnerHash))
            {
                Tell(session, new SigningEnd(submission.InnerHash, Again: true).ToJson());
            }
        }
    }

    /// <summary>
    /// Tells the end of what was told and has ended since, in whatever way: refused, cancelled while it waited to be signed anew, denied or
    /// too late. Before payments are forgotten.
    /// </summary>
    public void TellEnds()
    {
        foreach (var payment in state.Payments.Where(each => each.Told is not null && PaymentTransitions.IsTerminal(each.Status)))
        {
            var (session, told) = (payment.Session!, payment.Told!);
            payment.Told = null;
            // Of those that were in one transaction the last one's end is the end.
            if (payment.Status != PaymentStatus.Succeeded && !state.Payments.Exists(each => each.Session == session && each.Told == told))
            {
                Tell(session, new SigningEnd(told).ToJson());
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
    private (string Session, List<PaymentRecord> Paying)[] PayingOf(Submission submission) => !state.Payments.Exists(IsOfSession) ? [] :
    [
        .. payments.In(submission).Where(IsOfSession).Distinct()
            .GroupBy(payment => payment.Session!, StringComparer.Ordinal)
            .Select(group => (group.Key, Paying: group.ToList()))
            .Where(each => AmountsOf(each.Paying).Values.Any(stroops => !Dust.Is(stroops))),
    ];

    private static bool IsOfSession(PaymentRecord payment) =>
        payment.Session is not null && payment.Method != PaymentMethod.ClaimableBalance;

    private static Dictionary<string, long> AmountsOf(IEnumerable<PaymentRecord> payments) => payments
        .GroupBy(payment => payment.Asset, StringComparer.Ordinal)
        .ToDictionary(
            group => group.Key,
            // It is told, and decides nothing of the wallet's: more than there can be of an asset stops no payment.
            group => (long)Int128.Min(long.MaxValue, group.Aggregate((Int128)0, (sum, payment) => sum + payment.Stroops)),
            StringComparer.Ordinal);
}
