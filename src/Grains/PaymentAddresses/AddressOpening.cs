using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts.Openings;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Sponsors;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>
/// Has the account opened by a sponsor, with the trustlines of what its session takes. Beside the turns: it reads the key, which never
/// changes. Whatever made the account, what counts is that the ledger has it. For one activation.
/// </summary>
internal sealed partial class AddressOpening(IPaymentAddressContext owner, OpeningServices services, ILogger logger)
{
    private const int MaxStoredDoublings = 6;

    private const string Kind = "payment_address";
    private const int MaxDoublings = 6;

    /// <summary>After how long a stored wake-up looks whether somebody sees to it, so many having found nothing to be done.</summary>
    public static TimeSpan ResumeAfter(int delays) => TimeSpan.FromSeconds(10) * (1 << Math.Min(delays, MaxStoredDoublings));

    private readonly SponsoredOpening _sponsored = new(owner, () => owner.State.Key!, Kind, services, logger);
    private CancellationTokenSource? _asking;
    private int _delays;

    /// <summary>Takes the key, in the turn that stores it with the address, and begins. Another may have been made meanwhile.</summary>
    public async Task<string> BeginAsync(EncryptedSeed seed, NewPaymentAddress order)
    {
        var state = owner.State;
        if (state.Key is { } made)
        {
            services.Cipher.Forget(seed);
            return made.PublicKey;
        }

        (state.Key, state.Merchant, state.PaysTo, state.Enough, state.ExpiresAt) =
            (seed, order.Merchant, order.PaysTo, new(order.Enough), order.ExpiresAt);
        state.Left = new(order.Left ?? []);
        // In the statement that stores the key, before anybody is shown the address.
        ((IInboxState)state).Marks().Addresses.Add(new AddressMark(seed.PublicKey));
        await owner.SaveAsync();
        LogBegun(owner.Key, seed.PublicKey);
        Continue();
        return seed.PublicKey;
    }

    /// <summary>Looks at the ledger, and asks a sponsor for what is missing. Whatever fails is tried again in a while.</summary>
    public void Continue()
    {
        if (_asking is null)
        {
            var asking = _asking = new CancellationTokenSource();
            owner.RunBeside(() => AskAsync(asking));
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
            var account = await services.Gateway.GetAccountAsync(owner.State.Address, asking.Token);
            string[] missing = [.. Missing(account)];
            if (account is not null && missing.Length == 0 && !IsAuthorized(account))
            {
                LogUnauthorized(owner.Key, owner.State.Address);
                return;
            }

            if (account is not null && missing.Length == 0)
            {
                pause = null;
                await owner.InTurnAsync(OpenAsync);
                return;
            }

            if (await services.Gateway.GetAccountAsync(owner.State.PaysTo, asking.Token) is not { } merchant
                || owner.State.Enough.Any(each => !CanTake(merchant, each.Key, each.Value)))
            {
                // What is paid there could not be paid on: nobody is told an address before the merchant can take what comes.
                LogUntaken(owner.Key, owner.State.PaysTo);
                return;
            }

            var request = new OpeningRequest(
                owner.State.Address, account is null, missing, owner.State.OpensAlone, new OpeningOrigin(Dedicated: true));
            var end = await _sponsored.HaveOpenedAsync(request, asking.Token);
            if (end is { Value.Move: OpeningMove.Opened })
            {
                pause = TimeSpan.Zero;
            }
            else if (end is { Value.Alone: true })
            {
                await owner.InTurnAsync(RememberAloneAsync);
            }
            else if (end.Error is { } error)
            {
                LogDelayed(owner.Key, error.Message);
                if (error is { Code: OpeningBudget.UsedCode, RetryAfter: { } wait })
                {
                    await owner.InTurnAsync(() => PutOffAsync(owner.Now + wait));
                }
            }
        }
        catch (OperationCanceledException) when (asking.IsCancellationRequested)
        {
            LogStopped(owner.Key);
            pause = null;
        }
        catch (Exception exception)
        {
            LogDelayed(owner.Key, exception.Message);
        }
        finally
        {
            _asking = ReferenceEquals(_asking, asking) ? null : _asking;
            asking.Dispose();
            if (pause is { } again)
            {
                owner.WakeSoon(again);
            }
        }
    }

    private IEnumerable<string> Missing(NetworkAccount? account) => owner.State.Enough.Keys
        .Where(asset => asset != Money.Asset.Native.Canonical)
        .Except(account?.Trustlines.Select(line => line.Asset) ?? [], StringComparer.Ordinal);

    // Else each payment to it would fail.
    private bool IsAuthorized(NetworkAccount account) =>
        account.Trustlines.All(line => line.Authorized || !owner.State.Enough.ContainsKey(line.Asset));

    private bool CanTake(NetworkAccount merchant, string asset, long stroops) => asset == Money.Asset.Native.Canonical
        || Money.Asset.Parse(asset).Issuer == owner.State.PaysTo
        || merchant.Trustlines.Any(line => line.Asset == asset && line.Authorized
            && (Int128)line.Balance + line.BuyingLiabilities + stroops <= line.Limit);

    private async Task OpenAsync()
    {
        if (owner.State.Status == PaymentAddressStatus.Opening)
        {
            (owner.State.Status, owner.State.OpensAlone, owner.State.OpensAfter) = (PaymentAddressStatus.Open, false, null);
            owner.State.Delays = 0;
            await owner.SaveAsync();
            LogOpened(owner.Key, owner.State.Address);
            owner.Engine.StartNext();
        }
    }

    private async Task RememberAloneAsync()
    {
        if (!owner.State.OpensAlone)
        {
            owner.State.OpensAlone = true;
            await owner.SaveAsync();
        }
    }

    // No sponsor has anything left of the day's budget: the due index wakes it when there is a new one, if its session still waits then.
    private async Task PutOffAsync(DateTimeOffset until)
    {
        owner.State.OpensAfter = until;
        await owner.SaveAsync();
        LogPutOff(owner.Key, until);
    }

    private TimeSpan NextPause() => SoonWaker.Pause * (1 << Math.Min(_delays++, MaxDoublings));

    [LoggerMessage(3252, LogLevel.Information, "Session {Session} has an address of its own, {Address}; its account is being created.")]
    private partial void LogBegun(string session, string address);

    [LoggerMessage(3253, LogLevel.Information, "The account of {Session} is open: the ledger has {Address}.")]
    private partial void LogOpened(string session, string address);

    [LoggerMessage(3254, LogLevel.Debug, "Opening of the account of {Session} waits: {Reason}")]
    private partial void LogDelayed(string session, string reason);

    [LoggerMessage(3259, LogLevel.Warning,
        "The account of {Session} is not opened yet: {Merchant} has no trustline, or no room, for all that it takes.")]
    private partial void LogUntaken(string session, string merchant);

    [LoggerMessage(3249, LogLevel.Warning,
        "The account of {Session} is not shown yet: the issuer of an asset that it takes has not authorised {Address}.")]
    private partial void LogUnauthorized(string session, string address);

    [LoggerMessage(3255, LogLevel.Debug, "Opening of the account of {Session} was called off.")]
    private partial void LogStopped(string session);

    [LoggerMessage(3256, LogLevel.Information, "Session {Session} waits for its account until {Until}: today's budget is used up.")]
    private partial void LogPutOff(string session, DateTimeOffset until);
}
