using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos;

/// <summary>What came about besides plain payments, by kind: a run in which one of them is 0 proves nothing of it.</summary>
public static class Happenings
{
    public const string Paths = "path payments";
    public const string Waiting = "set aside and open";
    public const string Claimed = "set aside and claimed";
    public const string Reclaimed = "set aside and reclaimed";
    public const string ClaimedByWallets = "claimed by wallets";
    public const string PaidOnce = "scheduled once and paid";
    public const string PaidAgain = "scheduled daily and paid again";
    public const string RotatedKeys = "keys replaced";
    public const string Assigned = "deposits assigned";
    public const string Returned = "deposits returned";
    public const string Kept = "deposits kept";
    public const string HubConnections = "hub connections";
    public const string HubReturns = "hub clients that came back";
    public const string SessionsPaid = "sessions paid";
    public const string SessionsPaidByWallets = "sessions paid by wallets";
    public const string SessionsPaidAtOwn = "sessions with money at addresses of their own";
    public const string SessionsEnded = "sessions cancelled";
    public const string SessionsExpired = "sessions expired";
    public const string Accepted = "late payments accepted";
    public const string Underpaid = "sessions underpaid";
    public const string Overpaid = "sessions overpaid";
    public const string WrongAsset = "sessions paid in a wrong asset";
    public const string Refunded = "refunds paid";
    public const string Receipts = "receipts without a name";
    public const string WebhooksDelivered = "webhooks delivered";
    public const string WebhooksFailed = "webhooks that failed";
    public const string WebhooksAgain = "webhooks sent twice";

    internal static IReadOnlyDictionary<string, int> Count(AuditEvidence evidence)
    {
        var succeeded = evidence.Payments.Values.Where(payment => payment.Status == "succeeded").ToList();
        var claims = evidence.Ledger.Operations
            .Where(operation => operation.Successful && operation.Type == LedgerOperation.Claimed).ToList();
        var paid = evidence.Occurrences.Where(occurrence => occurrence.Ends.Contains(OccurrenceStory.Succeeded)).ToList();
        var happened = Sales(evidence);
        foreach (var (kind, count) in Plain(evidence, succeeded, claims, paid))
        {
            happened[kind] = count;
        }

        return happened;
    }

    private static SortedDictionary<string, int> Sales(AuditEvidence evidence)
    {
        var told = evidence.Database.Merchants.Events.GroupBy(row => row.Type, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var tries = evidence.Database.Merchants.Tries;
        return new SortedDictionary<string, int>(StringComparer.Ordinal)
        {
            [SessionsPaid] = told.GetValueOrDefault("payment_session.paid"),
            [SessionsPaidByWallets] = evidence.Merchants.SelectMany(merchant => merchant.Sessions)
                .Count(session => session.Payments.Any(payment => payment.Counted > 0 && evidence.IsWallet(payment.From))),
            [SessionsPaidAtOwn] = evidence.Merchants.SelectMany(merchant => merchant.Sessions)
                .Count(session => session.Payments.Any(payment => payment.AtOwnAddress)),
            [SessionsEnded] = told.GetValueOrDefault("payment_session.canceled"),
            [SessionsExpired] = told.GetValueOrDefault("payment_session.expired"),
            [Accepted] = told.GetValueOrDefault("payment_session.accepted"),
            [Underpaid] = told.GetValueOrDefault("payment_session.underpaid"),
            [Overpaid] = told.GetValueOrDefault("payment_session.overpaid"),
            [WrongAsset] = told.GetValueOrDefault("payment_session.wrong_asset"),
            [Refunded] = evidence.Merchants.SelectMany(merchant => merchant.Refunds).Count(refund => refund.Status == "succeeded"),
            [Receipts] = evidence.Merchants.Sum(merchant => merchant.Receipts.Count),
            [WebhooksDelivered] = tries.Count(row => row.Outcome == "succeeded"),
            [WebhooksFailed] = tries.Count(row => row.Outcome == "failed"),
            [WebhooksAgain] = evidence.Merchants.SelectMany(merchant => merchant.Calls)
                .GroupBy(call => call.EventId, StringComparer.Ordinal).Count(group => group.Count() > 1),
        };
    }

    private static Dictionary<string, int> Plain(
        AuditEvidence evidence, List<PaymentStory> succeeded, List<LedgerOperation> claims, List<OccurrenceStory> paid) =>
        new(StringComparer.Ordinal)
        {
            [Paths] = succeeded.Count(payment => payment.Path is not null),
            [Waiting] = succeeded.Count(payment => payment.ClaimStatus == "open"),
            [Claimed] = succeeded.Count(payment => payment.ClaimStatus == "claimed"),
            [Reclaimed] = succeeded.Count(payment => payment.ClaimStatus == "reclaimed"),
            [ClaimedByWallets] = claims.Count(claim =>
                evidence.IsWallet(claim.To) && succeeded.All(payment => payment.BalanceId != claim.BalanceId)),
            [PaidOnce] = paid.Count(occurrence => occurrence.Number == 1),
            [PaidAgain] = paid.Count(occurrence => occurrence.Number > 1),
            [RotatedKeys] = evidence.Database.Events.Count(row => row.Type == "wallet.key_rotated"),
            [Assigned] = evidence.Database.Suspense.Count(row => row.Status == "assigned"),
            [Returned] = evidence.Database.Suspense.Count(row => row.Status == "returned"),
            [Kept] = evidence.Database.Suspense.Count(row => row.Status == "kept"),
            [HubConnections] = evidence.Hub.Values.Sum(picture => picture.Connections),
            [HubReturns] = evidence.Hub.Values.Count(picture => picture.Connections > 1),
        };
}
