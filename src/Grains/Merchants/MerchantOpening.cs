using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts.Openings;
using StellarPay.Grains.Events;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Sponsors;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Merchants;

/// <summary>
/// Has a merchant's account opened by a sponsor, with the trustlines of all assets that the platform deals in. Beside the turns: it reads
/// the key, which never changes meanwhile. Whatever made the account, what counts is that the ledger has it. For one activation.
/// </summary>
internal sealed partial class MerchantOpening(IMerchantContext merchant, OpeningServices services, ILogger logger)
{
    /// <summary>After how long a stored wake-up looks whether somebody sees to it.</summary>
    public static readonly TimeSpan ResumeAfter = TimeSpan.FromSeconds(10);

    private const string Kind = "merchant";
    private const int MaxDoublings = 6;

    private readonly SponsoredOpening _sponsored = new(merchant, () => merchant.State.Key!, Kind, services, logger);
    private CancellationTokenSource? _asking;
    private int _delays;

    /// <summary>Takes the key, in the turn that stores it with the address, and begins. Another may have been made meanwhile.</summary>
    public async Task BeginAsync(EncryptedSeed seed, int tier, OpeningOrigin? origin, ExcessChoices? excess)
    {
        if (merchant.State.Key is not null)
        {
            services.Cipher.Forget(seed);
            return;
        }

        (merchant.State.Key, merchant.State.Tier, merchant.State.Origin, merchant.State.Excess) = (seed, tier, origin, excess);
        ((IInboxState)merchant.State).Marks().Addresses.Add(new AddressMark(seed.PublicKey));
        merchant.Book.Raise(EventTypes.MerchantOpening);
        await merchant.SaveAsync();
        LogBegun(merchant.Key, seed.PublicKey);
        Continue();
    }

    /// <summary>Looks at the ledger, and asks a sponsor for what is missing. Whatever fails is tried again in a while.</summary>
    public void Continue()
    {
        if (_asking is null)
        {
            var asking = _asking = new CancellationTokenSource();
            merchant.RunBeside(() => AskAsync(asking));
        }
    }

    /// <summary>Calls it off.</summary>
    public void Stop()
    {
        _asking?.Cancel();
        _asking = null;
    }

    private async Task AskAsync(CancellationTokenSource asking)
    {
        TimeSpan? pause = NextPause();
        try
        {
            var account = await services.Gateway.GetAccountAsync(merchant.State.Address, asking.Token);
            string[] missing = [.. Missing(account)];
            if (account is not null && missing.Length == 0)
            {
                pause = null;
                await merchant.InTurnAsync(ActivateAsync);
                return;
            }

            var request = new OpeningRequest(
                merchant.State.Address, account is null, missing, merchant.State.OpensAlone, merchant.State.Origin);
            var end = await _sponsored.HaveOpenedAsync(request, asking.Token);
            if (end is { Value.Move: OpeningMove.Opened })
            {
                pause = TimeSpan.Zero;
            }
            else if (end is { Value.Alone: true })
            {
                await merchant.InTurnAsync(RememberAloneAsync);
            }
            else if (end.Error is { } error)
            {
                LogDelayed(merchant.Key, error.Message);
                if (error is { Code: OpeningBudget.UsedCode, RetryAfter: { } wait })
                {
                    await merchant.InTurnAsync(() => PutOffAsync(merchant.Now + wait));
                }
            }
        }
        catch (OperationCanceledException) when (asking.IsCancellationRequested)
        {
            LogStopped(merchant.Key);
            pause = null;
        }
        catch (Exception exception)
        {
            LogDelayed(merchant.Key, exception.Message);
        }
        finally
        {
            _asking = ReferenceEquals(_asking, asking) ? null : _asking;
            asking.Dispose();
            if (pause is { } again)
            {
                merchant.WakeSoon(again);
            }
        }
    }

    private IEnumerable<string> Missing(NetworkAccount? account) =>
        services.Network.Value.Assets.Except(account?.Trustlines.Select(line => line.Asset) ?? [], StringComparer.Ordinal);

    private async Task ActivateAsync()
    {
        if (merchant.State.Status == MerchantAccountStatus.Opening)
        {
            merchant.State.Status = MerchantAccountStatus.Active;
            (merchant.State.OpensAlone, merchant.State.Origin, merchant.State.OpensAfter) = (false, null, null);
            merchant.Book.Raise(EventTypes.MerchantActivated);
            await merchant.SaveAsync();
            LogActivated(merchant.Key, merchant.State.Address);
        }
    }

    private async Task RememberAloneAsync()
    {
        if (!merchant.State.OpensAlone)
        {
            merchant.State.OpensAlone = true;
            await merchant.SaveAsync();
        }
    }

    // No sponsor has anything left of the day's budget: the due index wakes it when there is a new one.
    private async Task PutOffAsync(DateTimeOffset until)
    {
        merchant.State.OpensAfter = until;
        await merchant.SaveAsync();
        LogPutOff(merchant.Key, until);
    }

    private TimeSpan NextPause() => SoonWaker.Pause * (1 << Math.Min(_delays++, MaxDoublings));

    [LoggerMessage(1500, LogLevel.Information, "Merchant {Merchant} has the address {Address}; its account is being created.")]
    private partial void LogBegun(string merchant, string address);

    [LoggerMessage(1501, LogLevel.Information, "Merchant {Merchant} is active: the ledger has {Address}.")]
    private partial void LogActivated(string merchant, string address);

    [LoggerMessage(1502, LogLevel.Debug, "Opening of merchant {Merchant} waits: {Reason}")]
    private partial void LogDelayed(string merchant, string reason);

    [LoggerMessage(1503, LogLevel.Debug, "Opening of merchant {Merchant} was called off.")]
    private partial void LogStopped(string merchant);

    [LoggerMessage(1504, LogLevel.Information, "Merchant {Merchant} waits for its account until {Until}: today's budget is used up.")]
    private partial void LogPutOff(string merchant, DateTimeOffset until);
}
