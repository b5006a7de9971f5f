using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

/// <summary>The payments of a wallet that are confirmed and wait to be signed.</summary>
internal sealed partial class PaymentWork(
    IWalletContext wallet, WalletCompliance compliance, IPayeeAccounts payees, ILogger logger) : IAccountWork
{
    private static readonly Error Undecided = new(ErrorKind.Unavailable, "compliance_unavailable",
        "It cannot be said at the moment whether what waits may be paid.");

    // Of those that wait, what was found out beside the turns: their sessions are over.
    private IReadOnlyDictionary<string, Error> _over = new Dictionary<string, Error>(StringComparer.Ordinal);

    public bool Waits => wallet.Book.Payments.HasQueued;

    public bool WaitsUnsponsored => wallet.Book.Payments.NextBatch(sponsored: false).Count > 0;

    public bool NeedsSponsor => wallet.Book.Payments.NextBatch() is [var first, ..] && PaymentKinds.Of(first).NeedsSponsor;

    public async Task<Error?> PrepareAsync(CancellationToken cancellationToken)
    {
        var over = new Dictionary<string, Error>(StringComparer.Ordinal);
        foreach (var waiting in wallet.Book.Payments.Queued.Where(payment => payment.NotAfter is not null).ToArray())
        {
            var session = await payees.FindSessionAsync(waiting.Destination, waiting.Facts, waiting.Memo, cancellationToken);
            if (SessionRules.Check(session, wallet.Now) is { } refusal)
            {
                over.Add(waiting.Id, refusal);
            }
        }

        _over = over;
        return null;
    }

    public async Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts)
    {
        if (!await DropDeniedAsync(facts.Latest.ClosedAt))
        {
            return Undecided;
        }

        // Where nobody carries a reserve, those that need one wait, and hold none that do not.
        var sponsored = facts.Sponsor is not null || !wallet.Book.Payments.NextBatch(sponsored: false).Any();
        return wallet.Book.Payments.NextBatch(sponsored) is { Count: > 0 } batch ? PlanOf(wallet.State.Address, batch, facts) : null;
    }

    /// <summary>What these payments are on the ledger.</summary>
    public static Result<SubmissionPlan> PlanOf(string address, IReadOnlyList<PaymentRecord> payments, SigningFacts facts)
    {
        if (facts.Sponsor is null && payments.Any(payment => PaymentKinds.Of(payment).NeedsSponsor))
        {
            return SigningFactsReader.KeysUnavailable;
        }

        return new SubmissionPlan(
            payments[0].LedgerMemo(),
            [.. payments.SelectMany(payment => FeeOf(payment).Concat(PaymentKinds.Of(payment).Plan(payment, address, facts.Sponsor)))],
            payments[0].Id,
            MostFeeStroops: MostFeeOf(payments),
            NotAfter: payments.Min(payment => payment.NotAfter));
    }

    /// <summary>
    /// The most that is bid for what carries these payments: what they are worth together. Of one of which nobody knows what that is
    /// in XLM, nothing beyond the first bid.
    /// </summary>
    public static long MostFeeOf(IEnumerable<PaymentRecord> payments) =>
        (long)Int128.Min(long.MaxValue, payments.Aggregate((Int128)0, (sum, payment) => sum + (payment.MostFeeStroops ?? 0)));

    // Before the payment: what is reserved for both is free again when the payment is in the balance.
    private static IEnumerable<PlannedOperation> FeeOf(PaymentRecord payment) => payment.Fee is not { } fee
        ? []
        : [new PlannedOperation(
            PaymentFee.SubjectOf(payment.Id),
            new Operation(null, TransactionFactory.Payment(fee.To, payment.ReservedAsset, fee.Stroops)))];

    // Fails the waiting payments that may not be made any more, in one write. What nobody can tell at the moment waits on.
    private async Task<bool> DropDeniedAsync(DateTimeOffset closedAt)
    {
        var refusals = new List<(PaymentRecord Payment, Error Refusal)>();
        foreach (var waiting in wallet.Book.Payments.Queued)
        {
            if ((_over.GetValueOrDefault(waiting.Id) ?? SessionRules.CheckTime(waiting, closedAt)
                ?? await compliance.CheckAsync(wallet, waiting, CancellationToken.None)) is { } refusal)
            {
                refusals.Add((waiting, refusal));
            }
        }

        var denied = refusals.Where(each => each.Refusal.Kind != ErrorKind.Unavailable).ToList();
        if (denied.Count > 0)
        {
            denied.ForEach(each => wallet.Book.Payments.Deny(each.Payment, each.Refusal.Code, wallet.Now));
            await wallet.SaveAsync();
            denied.ForEach(each => LogDenied(each.Payment.Id, each.Refusal.Code));
        }

        return denied.Count == refusals.Count;
    }

    [LoggerMessage(1504, LogLevel.Warning, "Payment {Payment} was refused before it was signed: {Code}.")]
    private partial void LogDenied(string payment, string code);
}
