using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Accounts;

/// <summary>Fetches what signing needs of the outside, beside the owner's turns, and not for long.</summary>
internal sealed partial class SigningFactsReader(
    IPaymentGate gate, SeedCipher cipher, NetworkClock clock, INetworkGateway gateway, FeePayers feePayers, TimeProvider time,
    ILogger<SigningFactsReader> logger)
{
    /// <summary>A key cannot be used for now.</summary>
    public static Error KeysUnavailable { get; } = new(ErrorKind.Unavailable, "keys_unavailable",
        "The account's key cannot be used at the moment. Nothing was changed. Please try again.");

    /// <summary>What signing needs, or why that is not to be had. Brings the keys that will sign into the silo's cache.</summary>
    /// <param name="owner">
    /// The owner; of its account only what tells which questions there are is read, and nothing is decided by it.
    /// </param>
    /// <param name="sponsored">Whether the platform is to carry a reserve.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Result<SigningFacts>> ReadAsync(IAccountOwner owner, bool sponsored, CancellationToken cancellationToken)
    {
        if (await gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        using var patience = new CancellationTokenSource(QuoteFactsReader.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await cipher.WarmAsync(owner.Key, owner.Account.Key!, either.Token);
            // Who asks the network each time anyway does so seldom, and leaves nothing behind for those who ask often.
            var latest = owner.HearsOutcomes
                ? await clock.GetAsync(either.Token)
                : await gateway.GetLatestLedgerAsync(either.Token);
            var sequence = await SequenceAsync(owner, either.Token);
            if (owner.PaysOwnFees)
            {
                return new SigningFacts(latest, sequence, Payer: null, Sponsor: null);
            }

            // Who pays for it also carries its reserve.
            var payer = await feePayers.PrepareAsync(owner.Key, sponsored, either.Token);
            return payer.IsSuccess
                ? new SigningFacts(latest, sequence, payer.Value.Account, sponsored ? payer.Value.Address : null)
                : payer.Error;
        }
        catch (NetworkUnavailableException unavailable)
        {
            LogNetworkUnavailable(owner.Key, unavailable.Message);
            return QuoteFactsReader.Unavailable;
        }
        catch (KeyEncryptionUnavailableException unavailable)
        {
            LogKeyUnavailable(owner.Key, unavailable.Message);
            return KeysUnavailable;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return QuoteFactsReader.Slow;
        }
    }

    // Whose inbox tells of every transaction of the account knows its number; of others somebody may have used it meanwhile.
    private async Task<long> SequenceAsync(IAccountOwner owner, CancellationToken cancellationToken) =>
        owner is { HearsOutcomes: true, Account.SequenceNumber: { } known }
            ? known
            : (await gateway.GetAccountAsync(owner.Account.Address, cancellationToken))?.Sequence
                ?? throw new NetworkUnavailableException($"The network does not know the account {owner.Account.Address}.");

    [LoggerMessage(1024, LogLevel.Warning, "{Owner} cannot sign: {Reason}")]
    private partial void LogNetworkUnavailable(string owner, string reason);

    [LoggerMessage(1042, LogLevel.Warning, "{Owner} cannot sign, its key is out of reach: {Reason}")]
    private partial void LogKeyUnavailable(string owner, string reason);
}
