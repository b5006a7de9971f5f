using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Sponsors;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Accounts.Openings;

/// <summary>
/// An owner's part in a sponsor's transaction that opens its account: it asks, and signs what it is shown. Beside the turns, and for
/// one activation.
/// </summary>
/// <param name="owner">The owner's activation.</param>
/// <param name="key">The owner's key, whose address is opened; it never changes while that goes on.</param>
/// <param name="kind">What kind of owner it is, as the audit log names it.</param>
/// <param name="services">What it needs of the outside.</param>
/// <param name="logger">Where to log.</param>
internal sealed partial class SponsoredOpening(
    IActivation owner, Func<EncryptedSeed> key, string kind, OpeningServices services, ILogger logger)
{
    private const int MaxSigned = 16;

    private readonly List<string> _signed = [];
    private int _sponsorsPassedOver;

    /// <summary>Whether a transaction is one that this activation signed.</summary>
    public bool HasSigned(string transactionHash) => _signed.Contains(transactionHash);

    /// <summary>Until a sponsor's transaction has been decided, or there is none.</summary>
    public async Task<Result<OpeningStep>> HaveOpenedAsync(OpeningRequest request, CancellationToken stop)
    {
        var step = await HaveOpenedByOneAsync(request, stop);
        for (var asked = 1; asked < services.Platform.Value.SponsorAccounts && step.Error?.Code == OpeningBudget.UsedCode; asked++)
        {
            // Each has a share of the day's budget, and this one's was used.
            _sponsorsPassedOver++;
            step = await HaveOpenedByOneAsync(request, stop);
        }

        _sponsorsPassedOver += step.Error?.Code == PlatformFunding.UnfundedCode ? 1 : 0;
        return step;
    }

    private async Task<Result<OpeningStep>> HaveOpenedByOneAsync(OpeningRequest request, CancellationToken stop)
    {
        var sponsor = owner.Grains.GetGrain<ISponsorGrain>(
            PlatformKeys.SponsorOf(owner.Key, services.Platform.Value, _sponsorsPassedOver));
        var step = await sponsor.JoinAsync(request, stop);
        while (step is { Value.Move: OpeningMove.Wait or OpeningMove.Sign })
        {
            step = step.Value is { Move: OpeningMove.Sign, Envelope: { } envelope }
                ? await SignAsync(sponsor, envelope, stop)
                : await sponsor.JoinAsync(request, stop);
        }

        return step;
    }

    private async Task<Result<OpeningStep>> SignAsync(ISponsorGrain sponsor, string envelope, CancellationToken stop)
    {
        if (await services.Gate.CheckAsync(stop) is { } halted)
        {
            return halted;
        }

        var transaction = services.Transactions.Read(envelope);
        var seed = key();
        if (OpeningRules.Refusal(transaction, seed.PublicKey) is { } refusal)
        {
            LogNotSigned(owner.Key, transaction.HashText, refusal);
            return new Error(ErrorKind.Refused, "opening_refused", refusal);
        }

        var signature = await services.Cipher.SignAsync(
            owner.Key, seed, transaction.Hash, $"{kind}.open {owner.Key}", stop);
        if (_signed.Count == MaxSigned)
        {
            _signed.RemoveAt(0);
        }

        _signed.Add(transaction.HashText);
        return await sponsor.SignAsync(seed.PublicKey, transaction.HashText, signature, stop);
    }

    [LoggerMessage(1025, LogLevel.Error, "{Owner} does not sign {Hash}, which is to open its account: {Reason}")]
    private partial void LogNotSigned(string owner, string hash, string reason);
}
