using Microsoft.Extensions.Logging;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Sponsors;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// A wallet's part in a sponsor's transaction that opens its account: it asks, and signs what it is shown. Beside the turns, and for
/// one activation.
/// </summary>
internal sealed partial class SponsoredOpening(IWalletContext wallet, OpeningServices services, ILogger logger)
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
        var sponsor = wallet.Grains.GetGrain<ISponsorGrain>(
            PlatformKeys.SponsorOf(wallet.Key, services.Platform.Value, _sponsorsPassedOver));
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
        if (OpeningRules.Refusal(transaction, wallet.State.Address) is { } refusal)
        {
            LogNotSigned(wallet.Key, transaction.HashText, refusal);
            return new Error(ErrorKind.Refused, "opening_refused", refusal);
        }

        var signature = await services.Cipher.SignAsync(
            wallet.Key, wallet.State.Key!, transaction.Hash, $"wallet.open {wallet.Key}", stop);
        if (_signed.Count == MaxSigned)
        {
            _signed.RemoveAt(0);
        }

        _signed.Add(transaction.HashText);
        return await sponsor.SignAsync(wallet.State.Address, transaction.HashText, signature, stop);
    }

    [LoggerMessage(1025, LogLevel.Error, "Wallet {Wallet} does not sign {Hash}, which is to open its account: {Reason}")]
    private partial void LogNotSigned(string wallet, string hash, string reason);
}
