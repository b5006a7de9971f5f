using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform;

/// <summary>
/// Wraps signed transactions of others into fee-bumps (CAP-15) that a fee account pays, and signs them for it. Where the
/// transaction is nothing but the creation of a claimable balance with at most two claimants, or the replacement of its source's
/// key, whose reserve the account is to carry (CAP-33), it signs that too; whatever else such an account is asked, and more than
/// its ceiling, is refused.
/// </summary>
internal sealed partial class FeeBumpSigner(
    SeedCipher cipher, TransactionFactory transactions, IOptions<PlatformOptions> options, ILogger<FeeBumpSigner> logger)
{
    /// <summary>Signs the fee-bump of a transaction.</summary>
    /// <param name="account">The fee account.</param>
    /// <param name="key">Its key.</param>
    /// <param name="inner">The signed transaction.</param>
    /// <param name="maxFeeStroops">The most that may be paid; refused above the platform's own ceiling.</param>
    /// <param name="innerSigner">The public key that signs for its source; null where that is the source's own.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Result<FeeBumped>> SignAsync(
        string account, EncryptedSeed key, UnpaidTransaction inner, long maxFeeStroops, string? innerSigner,
        CancellationToken cancellationToken)
    {
        var address = key.PublicKey;
        if (Refuse(inner, maxFeeStroops, address, innerSigner) is { } refusal)
        {
            LogRefused(account, refusal.Code);
            return refusal;
        }

        var envelope = Sponsors(inner.Envelope, address)
            ? await SponsorAsync(account, inner.Envelope, key, cancellationToken)
            : inner.Envelope;
        var (bump, hash) = transactions.FeeBump(envelope, address, maxFeeStroops);
        var hashText = Convert.ToHexStringLower(hash);
        var signature = await cipher.SignAsync(account, key, hash, $"fee.pay {hashText}", cancellationToken);
        return new FeeBumped(transactions.AddSignature(bump, address, signature), hashText);
    }

    // The sponsor signs what it begins. The same bytes give the same signature, so a repeat is the same transaction.
    private async Task<TransactionV1Envelope> SponsorAsync(
        string account, TransactionV1Envelope inner, EncryptedSeed key, CancellationToken cancellationToken)
    {
        if (transactions.IsSignedBy(inner, key.PublicKey))
        {
            return inner;
        }

        var unsigned = transactions.Hashed(inner);
        var signature = await cipher.SignAsync(
            account, key, unsigned.Hash, $"fee.sponsor {unsigned.HashText}", cancellationToken);
        return transactions.Sign(unsigned, key.PublicKey, signature).Envelope;
    }

    private static bool Sponsors(TransactionV1Envelope inner, string address) =>
        SponsoredBalance.IsIn(inner.Transaction, address) || SponsoredKey.IsIn(inner.Transaction, address);

    private Error? Refuse(UnpaidTransaction unpaid, long maxFeeStroops, string address, string? innerSigner)
    {
        var inner = unpaid.Envelope;
        var ceiling = (long)options.Value.MaxFeeStroopsPerOperation * (inner.Transaction.Operations.Count + 1);
        if (maxFeeStroops <= 0 || maxFeeStroops > ceiling)
        {
            return Refused($"The fee must be 1 to {ceiling} stroops.");
        }

        // The account pays fees, carries a reserve, and moves nothing else, in whatever disguise it is asked.
        if (inner.Transaction.Source.AccountId.ToString() == address
            || (inner.Transaction.Operations.Any(o => o.Source?.AccountId.ToString() == address) && !Sponsors(inner, address)))
        {
            return Refused("A fee account pays for the transactions of others only.");
        }

        var signer = innerSigner ?? inner.Transaction.Source.AccountId.ToString();
        return innerSigner != address && (unpaid.SignedBy == signer || transactions.IsSignedBy(inner, signer))
            ? null
            : Refused("The transaction to be paid for is not signed by its source account.");
    }

    private static Error Refused(string message) => new(ErrorKind.Refused, "fee_bump_refused", message);

    [LoggerMessage(1211, LogLevel.Warning, "Fee account {Account} refused to pay: {Code}.")]
    private partial void LogRefused(string account, string code);
}
