using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>The payments of a wallet that are confirmed and wait to be signed.</summary>
internal sealed partial class PaymentWork(IWalletContext wallet, WalletCompliance compliance, ILogger logger) : IAccountWork
{
    private static readonly Error Undecided = new(ErrorKind.Unavailable, "compliance_unavailable",
        "It cannot be said at the moment whether what waits may be paid.");

    public bool Waits => wallet.Book.Payments.HasQueued;

    public bool NeedsSponsor => wallet.Book.Payments.NextBatch() is [var first, ..] && PaymentKinds.Of(first).NeedsSponsor;

    public async Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts)
    {
        if (!await DropDeniedAsync())
        {
            return Undecided;
        }

        return wallet.Book.Payments.NextBatch() is { Count: > 0 } batch ? PlanOf(wallet.State.Address, batch, facts) : null;
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
            [.. payments.SelectMany(payment => PaymentKinds.Of(payment).Plan(payment, address, facts.Sponsor))],
            payments[0].Id);
    }

    // Fails the waiting payments that may not be made any more, in one write. What nobody can tell at the moment waits on.
    private async Task<bool> DropDeniedAsync()
    {
        var (unknown, dropped) = (false, false);
        foreach (var waiting in wallet.Book.Payments.Queued)
        {
            switch (await compliance.CheckAsync(wallet, waiting, CancellationToken.None))
            {
                case null:
                    break;
                case { Kind: ErrorKind.Unavailable }:
                    unknown = true;
                    break;
                case { } refusal:
                    wallet.Book.Payments.Deny(waiting, refusal.Code, wallet.Now);
                    LogDenied(waiting.Id, refusal.Code);
                    dropped = true;
                    break;
            }
        }

        if (dropped)
        {
            await wallet.SaveAsync();
        }

        return !unknown;
    }

    [LoggerMessage(1504, LogLevel.Warning, "Payment {Payment} was refused before it was signed: {Code}.")]
    private partial void LogDenied(string payment, string code);
}
