using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform;

/// <summary>
/// Pays the fees of transactions that others have signed, and carries the reserve of the claimable balance that one
/// creates; never more than its ceiling, whatever it is asked.
/// </summary>
internal sealed partial class FeeAccountGrain(
    [PersistentState(GrainState.FeeAccount, GrainState.HotProvider)] IPersistentState<FeeAccountState> storage,
    SeedCipher cipher,
    PlatformFunding funding,
    TransactionFactory transactions,
    Suspense.DepositReleases releases,
    IPaymentGate gate,
    IOptions<PlatformOptions> options,
    IOptions<NetworkOptions> network,
    ILogger<FeeAccountGrain> logger) : Grain, IFeeAccountGrain
{
    private bool _unsound;

    public async Task<Result<string>> EnsureAsync(CancellationToken cancellationToken = default)
    {
        var key = await EnsureKeyAsync(cancellationToken);
        return await funding.EnsureAsync(this.GetPrimaryKeyString(), key.PublicKey, cancellationToken);
    }

    public async Task<Result<FeeBumped>> FeeBumpAsync(
        string innerEnvelope, long maxFeeStroops, string? signer = null, CancellationToken cancellationToken = default)
    {
        if (await gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        var read = Read(innerEnvelope);
        if (!read.IsSuccess)
        {
            return read.Error;
        }

        var inner = read.Value;
        var key = await EnsureKeyAsync(cancellationToken);
        if (Refuse(inner, maxFeeStroops, key.PublicKey, signer) is { } refusal)
        {
            LogRefused(this.GetPrimaryKeyString(), refusal.Code);
            return refusal;
        }

        if (Sponsors(inner, key.PublicKey))
        {
            inner = await SponsorAsync(inner, key, cancellationToken);
        }

        var (envelope, hash) = transactions.FeeBump(inner, key.PublicKey, maxFeeStroops);
        var hashText = Convert.ToHexStringLower(hash);
        var signature = await cipher.SignAsync(
            this.GetPrimaryKeyString(), key, hash, $"fee.pay {hashText}", cancellationToken);
        return new FeeBumped(transactions.AddSignature(envelope, key.PublicKey, signature), hashText);
    }

    public async Task<int> RewrapAsync()
    {
        RequireSound();
        if (storage.State.Key is not { } key || !cipher.IsWrappedByAnother(key))
        {
            return 0;
        }

        await StoreKeyAsync(await cipher.RewrapAsync(this.GetPrimaryKeyString(), key, CancellationToken.None));
        return 1;
    }

    // The sponsor signs what it begins. The same bytes give the same signature, so a repeat is the same transaction.
    private async Task<TransactionV1Envelope> SponsorAsync(
        TransactionV1Envelope inner, EncryptedSeed key, CancellationToken cancellationToken)
    {
        if (transactions.IsSignedBy(inner, key.PublicKey))
        {
            return inner;
        }

        var unsigned = transactions.Read(((TransactionEnvelope)inner).ToXdrBase64());
        var signature = await cipher.SignAsync(
            this.GetPrimaryKeyString(), key, unsigned.Hash, $"fee.sponsor {unsigned.HashText}", cancellationToken);
        return transactions.Read(transactions.AddSignature(unsigned, key.PublicKey, signature)).Envelope;
    }

    private static Result<TransactionV1Envelope> Read(string envelope)
    {
        try
        {
            return TransactionEnvelope.FromXdrBase64(envelope) is TransactionV1Envelope v1
                ? v1
                : Refused("The transaction to be paid for is not of the present kind.");
        }
        catch (XdrException)
        {
            return Refused("The transaction to be paid for cannot be read.");
        }
    }

    private static bool Sponsors(TransactionV1Envelope inner, string ownAddress) =>
        SponsoredBalance.IsIn(inner.Transaction, ownAddress) || SponsoredKey.IsIn(inner.Transaction, ownAddress);

    private Error? Refuse(TransactionV1Envelope inner, long maxFeeStroops, string ownAddress, string? signer)
    {
        var ceiling = (long)options.Value.MaxFeeStroopsPerOperation * (inner.Transaction.Operations.Count + 1);
        if (maxFeeStroops <= 0 || maxFeeStroops > ceiling)
        {
            return Refused($"The fee must be 1 to {ceiling} stroops.");
        }

        // The account pays fees, carries a reserve, and moves nothing else, in whatever disguise it is asked.
        if (inner.Transaction.Source.AccountId.ToString() == ownAddress
            || (inner.Transaction.Operations.Any(o => o.Source?.AccountId.ToString() == ownAddress)
                && !Sponsors(inner, ownAddress)))
        {
            return Refused("A fee account pays for the transactions of others only.");
        }

        return signer != ownAddress && transactions.IsSignedBy(inner, signer ?? inner.Transaction.Source.AccountId.ToString())
            ? null
            : Refused("The transaction to be paid for is not signed by its source account.");
    }

    private async Task<EncryptedSeed> EnsureKeyAsync(CancellationToken cancellationToken)
    {
        RequireSound();
        if (storage.State.Key is { } existing)
        {
            return existing;
        }

        // An operator may have given it one meanwhile.
        await storage.ReadStateAsync();
        if (storage.State.Key is { } given)
        {
            return given;
        }

        if (!options.Value.MayGenerateKeys(network.Value))
        {
            throw PlatformKeyMissingException.For([this.GetPrimaryKeyString()]);
        }

        var made = await cipher.CreateAsync(this.GetPrimaryKeyString(), cancellationToken);
        await StoreKeyAsync(made);
        return made;
    }

    private async Task StoreKeyAsync(EncryptedSeed key)
    {
        storage.State.Inbox = storage.State.Key is null ? PlatformAddress.MarksOf(key) : null;
        storage.State.Key = key;
        try
        {
            await storage.WriteStateAsync();
            storage.State.Inbox = null;
        }
        catch
        {
            // What is stored is not known; a key that may be lost must not be used.
            storage.State.Key = null;
            _unsound = true;
            DeactivateOnIdle();
            throw;
        }
    }

    private void RequireSound()
    {
        if (_unsound)
        {
            DeactivateOnIdle();
            throw new OrleansException("The fee account could not be stored. Please try again.");
        }
    }

    private static Error Refused(string message) => new(ErrorKind.Refused, "fee_bump_refused", message);

    [LoggerMessage(1211, LogLevel.Warning, "Fee account {Account} refused to pay: {Code}.")]
    private partial void LogRefused(string account, string code);
}
