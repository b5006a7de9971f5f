using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Accounts;

/// <summary>
/// Builds an owner's transaction, signs it with the owner's key, and has a fee account pay for it unless the owner's does.
/// Changes nothing, and asks nobody for long: what it needs of the outside it is given.
/// </summary>
internal sealed partial class SubmissionSigner(
    TransactionFactory transactions, SeedCipher cipher, FeePayers feePayers, IFaultPoints faults,
    IOptions<NetworkOptions> network, IOptions<PlatformOptions> platform, IOptions<WalletOptions> wallets,
    ILogger<SubmissionSigner> logger)
{
    private readonly TimeSpan _valid = TimeSpan.FromSeconds(network.Value.PaymentValidSeconds);
    private readonly TimeSpan _bumpAfter = TimeSpan.FromSeconds(wallets.Value.BumpAfterSeconds);

    /// <summary>The next bid for a transaction; null where no more may be bid.</summary>
    public long? NextBid(Submission submission, long? needed) => FeeRules.NextBid(
        submission.FeeStroops, needed, platform.Value.MaxFeeStroopsPerOperation, submission.Operations.Count, submission.Bids(),
        submission.MostFeeStroops);

    /// <summary>The transaction that carries a plan out, without signatures.</summary>
    public SubmissionDraft Draft(IAccountOwner owner, SubmissionPlan plan, SigningFacts facts)
    {
        var valid = facts.Latest.ClosedAt + (plan.Valid ?? _valid);
        var maxTime = plan.NotAfter < valid ? plan.NotAfter.Value : valid;
        var order = new TransactionOrder(
            owner.Account.Address, checked(LastSequence(owner, facts) + 1), [.. plan.Operations.Select(o => o.Operation)], plan.Memo,
            maxTime, owner.PaysOwnFees);
        return new SubmissionDraft(plan, facts, transactions.Build(order), maxTime);
    }

    /// <summary>Whether a transaction has the number that is the account's next.</summary>
    public static bool IsNext(IAccountOwner owner, SubmissionDraft draft) =>
        draft.Unsigned.SequenceNumber == LastSequence(owner, draft.Facts) + 1;

    /// <summary>The signed transaction.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="draft">The transaction.</param>
    /// <param name="others">The signatures of others; each is verified.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">One of the signatures is none of this transaction.</exception>
    public async Task<Result<Submission>> SignAsync(
        IAccountOwner owner, SubmissionDraft draft, IReadOnlyList<Cosignature> others, CancellationToken cancellationToken)
    {
        var (plan, facts, unsigned) = (draft.Plan, draft.Facts, draft.Unsigned);
        var key = owner.Account.Key!;
        try
        {
            await (owner.Faults.Signing is { } point ? faults.HitAsync(point, owner.Key) : Task.CompletedTask);
            var signature = await cipher.SignAsync(owner.Key, key, unsigned.Hash, $"{plan.Action} {plan.Cause}", cancellationToken);
            var inner = others.Aggregate(
                transactions.Sign(unsigned, key.PublicKey, signature),
                (signed, other) => transactions.Cosign(signed, other.Signer, other.Signature));
            var submission = new Submission
            {
                Envelope = TransactionFactory.Text(inner),
                InnerHash = unsigned.HashText,
                Hashes = [unsigned.HashText],
                SequenceNumber = unsigned.SequenceNumber,
                MaxTime = draft.MaxTime,
                FeeStroops = unsigned.Envelope.Transaction.Fee,
                SignedAt = owner.Now,
                MostFeeStroops = plan.MostFeeStroops,
                Operations = [.. plan.Operations.Select(o => new SubmittedOperation(o.Subject))],
            };
            return facts.Payer is null
                ? submission
                : await PaidAsync(submission, inner, facts, key.PublicKey, transactions.FeeBid(unsigned.Operations), cancellationToken);
        }
        catch (KeyEncryptionUnavailableException unavailable)
        {
            LogKeyUnavailable(plan.Cause, unavailable.Message);
            return SigningFactsReader.KeysUnavailable;
        }
    }

    /// <summary>The same transaction in another fee-bump, and when to bid more than that.</summary>
    public async Task<Result<(FeeBumped Bump, DateTimeOffset BumpAfter)>> BumpAsync(
        IAccountOwner owner, Submission submission, long feeStroops, SigningFacts facts)
    {
        var bumped = await feePayers.FeeBumpAsync(
            facts.Payer!, TransactionFactory.Unwrap(submission.Envelope), feeStroops, owner.Account.Key!.PublicKey,
            CancellationToken.None);
        return bumped.IsSuccess ? (bumped.Value, facts.Latest.ClosedAt + _bumpAfter) : bumped.Error;
    }

    // Where no inbox tells of all that used the account, the later of what is known and what the network says counts: a node
    // that lags behind may tell an older number than that of our last transaction.
    private static long LastSequence(IAccountOwner owner, SigningFacts facts) => owner.HearsOutcomes
        ? owner.Account.SequenceNumber ?? facts.Sequence
        : Math.Max(owner.Account.SequenceNumber ?? 0, facts.Sequence);

    private async Task<Result<Submission>> PaidAsync(
        Submission submission, UnpaidTransaction inner, SigningFacts facts, string signer, long fee, CancellationToken cancellationToken)
    {
        var bumped = await feePayers.FeeBumpAsync(facts.Payer!, inner, fee, signer, cancellationToken);
        if (!bumped.IsSuccess)
        {
            return bumped.Error;
        }

        (submission.Envelope, submission.Hashes) = (bumped.Value.Envelope, [bumped.Value.TransactionHash]);
        (submission.FeeStroops, submission.Payer) = (fee, facts.Payer);
        submission.BumpAfter = facts.Latest.ClosedAt + _bumpAfter;
        return submission;
    }

    [LoggerMessage(1049, LogLevel.Warning, "{Cause} is not signed: {Reason}")]
    private partial void LogKeyUnavailable(string cause, string reason);
}
