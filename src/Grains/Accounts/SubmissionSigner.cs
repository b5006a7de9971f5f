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
/// Builds an owner's transaction, signs it with the owner's key, and has a fee account pay for it. Changes nothing, and asks
/// nobody for long: what it needs of the outside it is given.
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
        submission.FeeStroops, needed, platform.Value.MaxFeeStroopsPerOperation, submission.Operations.Count, submission.Bids());

    /// <summary>The signed transaction that carries a plan out.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="plan">What it is to do.</param>
    /// <param name="facts">What was fetched for it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Result<Submission>> SignAsync(
        IAccountOwner owner, SubmissionPlan plan, SigningFacts facts, CancellationToken cancellationToken)
    {
        var account = owner.Account;
        var cause = plan.Cause;
        try
        {
            var maxTime = facts.Latest.ClosedAt + _valid;
            var unsigned = transactions.Build(new TransactionOrder(
                account.Address, checked((account.SequenceNumber ?? facts.Sequence) + 1),
                [.. plan.Operations.Select(o => o.Operation)], plan.Memo, maxTime));
            await faults.HitAsync(FaultPoint.PaymentSigning, owner.Key);
            var signature = await cipher.SignAsync(
                owner.Key, account.Key!, unsigned.Hash, $"payment.sign {cause}", cancellationToken);
            var inner = transactions.Sign(unsigned, account.Key!.PublicKey, signature);
            var fee = transactions.FeeBid(unsigned.Operations);
            var bumped = await feePayers.FeeBumpAsync(facts.Payer, inner, fee, account.Key.PublicKey, cancellationToken);
            return bumped.IsSuccess
                ? new Submission
                {
                    Envelope = bumped.Value.Envelope,
                    InnerHash = unsigned.HashText,
                    Hashes = [bumped.Value.TransactionHash],
                    SequenceNumber = unsigned.SequenceNumber,
                    MaxTime = maxTime,
                    BumpAfter = facts.Latest.ClosedAt + _bumpAfter,
                    FeeStroops = fee,
                    Payer = facts.Payer,
                    SignedAt = owner.Now,
                    Operations = [.. plan.Operations.Select(o => new SubmittedOperation(o.Subject))],
                }
                : bumped.Error;
        }
        catch (KeyEncryptionUnavailableException unavailable)
        {
            LogKeyUnavailable(cause, unavailable.Message);
            return SigningFactsReader.KeysUnavailable;
        }
    }

    /// <summary>The same transaction in another fee-bump, and when to bid more than that.</summary>
    public async Task<Result<(FeeBumped Bump, DateTimeOffset BumpAfter)>> BumpAsync(
        IAccountOwner owner, Submission submission, long feeStroops, SigningFacts facts)
    {
        var bumped = await feePayers.FeeBumpAsync(
            facts.Payer, TransactionFactory.Unwrap(submission.Envelope), feeStroops, owner.Account.Key!.PublicKey,
            CancellationToken.None);
        return bumped.IsSuccess ? (bumped.Value, facts.Latest.ClosedAt + _bumpAfter) : bumped.Error;
    }

    [LoggerMessage(1049, LogLevel.Warning, "{Cause} is not signed: {Reason}")]
    private partial void LogKeyUnavailable(string cause, string reason);
}
