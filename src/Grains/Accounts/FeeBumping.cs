using Microsoft.Extensions.Logging;

namespace StellarPay.Grains.Accounts;

/// <summary>
/// Puts the transaction under way into another fee-bump: at a higher bid, or of another payer. The inner transaction stays what
/// it is.
/// </summary>
/// <param name="owner">The owner.</param>
/// <param name="services">What the engine needs of the outside.</param>
/// <param name="drive">Has it submitted from now on.</param>
/// <param name="logger">Where to log.</param>
internal sealed partial class FeeBumping(
    IAccountOwner owner, AccountServices services, Action<Submission> drive, ILogger logger)
{
    /// <summary>The present bid is too low.</summary>
    /// <param name="innerHash">The transaction.</param>
    /// <param name="needed">What the network would have taken, in stroops; null where it did not say.</param>
    public void Bid(string innerHash, long? needed) => StartReplacing(innerHash, facts => BumpAsync(innerHash, needed, facts));

    /// <summary>The present payer has no XLM.</summary>
    /// <param name="innerHash">The transaction.</param>
    public void Repay(string innerHash) => StartReplacing(innerHash, facts => RepayAsync(innerHash, facts));

    // The fee-bump in which the transaction goes out from now on; stored before it is submitted.
    private void StartReplacing(string innerHash, Func<SigningFacts, Task> replace) => owner.RunBeside(async () =>
    {
        var pause = default(TimeSpan?);
        try
        {
            var facts = await services.Facts.ReadAsync(owner, sponsored: false, CancellationToken.None);
            if (facts.IsSuccess)
            {
                await owner.InTurnAsync(() => replace(facts.Value));
                return;
            }

            pause = services.FeePayers.PauseAfter(facts.Error);
            LogBumpWaits(innerHash, facts.Error.Message);
        }
        catch (Exception exception)
        {
            LogBumpWaits(innerHash, exception.Message);
        }

        // Driving begins again then, and finds again that the fee is too low or its payer empty.
        owner.WakeSoon(pause);
    });

    // The same transaction with a higher fee. Whichever of the fee-bumps a ledger takes, it is this transaction, once. Where
    // more may not be bid, the present one goes on.
    private async Task BumpAsync(string innerHash, long? needed, SigningFacts facts)
    {
        if (owner.Account.Submission is not { } submission || submission.InnerHash != innerHash)
        {
            return;
        }

        if (services.Signer.NextBid(submission, needed) is { } fee)
        {
            await ReplaceAsync(submission, fee, facts);
            return;
        }

        LogNotBumped(submission.InnerHash, submission.FeeStroops);
        (submission.BumpAfter, submission.Outbid) = (null, true);
        await owner.SaveAsync();
        drive(submission);
    }

    // The same transaction at the same bid, paid by another account.
    private async Task RepayAsync(string innerHash, SigningFacts facts)
    {
        if (owner.Account.Submission is not { } submission || submission.InnerHash != innerHash)
        {
            return;
        }

        if (submission.Payer == facts.Payer)
        {
            // Found empty too long ago to be passed over: the same envelope goes out again.
            drive(submission);
            return;
        }

        await ReplaceAsync(submission, submission.FeeStroops, facts);
    }

    private async Task ReplaceAsync(Submission submission, long fee, SigningFacts facts)
    {
        var bumped = await services.Signer.BumpAsync(owner, submission, fee, facts);
        if (!bumped.IsSuccess)
        {
            LogBumpWaits(submission.InnerHash, bumped.Error.Message);
            owner.WakeSoon();
            return;
        }

        var (bump, bumpAfter) = bumped.Value;
        submission.Payer = facts.Payer;
        owner.Submissions.Bump(bump.Envelope, bump.TransactionHash, fee, bumpAfter);
        await owner.SaveAsync();
        LogBumped(submission.InnerHash, fee, submission.PresentHash(), facts.Payer!);
        drive(submission);
    }

    [LoggerMessage(1043, LogLevel.Information, "Transaction {InnerHash} goes out with a fee of at most {Stroops} stroops, as {Hash}, paid by {Payer}")]
    private partial void LogBumped(string innerHash, long stroops, string hash, string payer);

    [LoggerMessage(1044, LogLevel.Warning, "Transaction {InnerHash} is stuck at a fee of {Stroops} stroops, and no more may be bid")]
    private partial void LogNotBumped(string innerHash, long stroops);

    [LoggerMessage(1045, LogLevel.Warning, "Transaction {InnerHash} waits for another fee-bump: {Reason}")]
    private partial void LogBumpWaits(string innerHash, string reason);
}
