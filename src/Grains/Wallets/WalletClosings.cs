using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// How the closing of a wallet begins: whether all that it holds can go where it is to go is asked beside the turns; then it is decided
/// and stored in one. What follows is <see cref="ClosingWork"/>'s.
/// </summary>
internal sealed partial class WalletClosings(
    IPaymentGate gate, QuoteFactsReader reader, WalletCompliance compliance, ClosingSweeps sweeps, WalletControl control,
    UserBudgets budgets, IOptions<NetworkOptions> network, ILogger<WalletClosings> logger)
{
    private const string Operation = "close";

    private static readonly Dictionary<string, int> NoFailedPaths = [];

    private static readonly Error Changed = new(ErrorKind.Unavailable, "wallet_changed",
        "Something came into the wallet or left it at the same moment. Nothing was changed. Please try again.");

    private static readonly Error NotEmpty = new(ErrorKind.Conflict, "wallet_not_empty", "The wallet still holds something.");

    private static readonly Error PaysSession = new(ErrorKind.Refused, "recipient_not_closable",
        "A payment session takes its price, not what a wallet is left with.", "recipient");

    private readonly IReadOnlyList<string> _assets = network.Value.Assets;

    /// <summary>Begins to close a wallet for its owner.</summary>
    public async Task<Result<WalletView>> CloseAsync(
        IWalletContext wallet, CloseRequest request, CancellationToken cancellationToken)
    {
        if (IdempotencyLedger.Check(request.IdempotencyKey) is { } keyError)
        {
            return keyError;
        }

        if (await AnsweredAsync(wallet, request, cancellationToken) is { } answered)
        {
            return answered;
        }

        if ((Hindrance(wallet) ?? WalletStepUp.CheckAll(wallet.State, request.Proof)) is { } hindrance)
        {
            return hindrance;
        }

        if (await gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        var all = ClosingSweeps.Of(wallet.State);
        if (await CheckDestinationAsync(wallet, request, all, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var priced = await sweeps.PriceAsync(all, wallet.Now, cancellationToken);
        return priced.IsSuccess
            ? await wallet.InTurnAsync(() => DecideAsync(wallet, request, priced.Value, cancellationToken))
            : priced.Error;
    }

    /// <summary>Begins to give up the account of a wallet that holds nothing, for an administrator. In a turn.</summary>
    public async Task<Result<WalletControlView>> ReclaimAsync(IWalletContext wallet, AdminOrder order)
    {
        if (wallet.State.Owner is null)
        {
            return IWalletContext.NoSuchWallet;
        }

        if (wallet.State.Status is WalletStatus.Closing or WalletStatus.Closed)
        {
            return control.View(wallet);
        }

        var held = wallet.State.Balances.Values.Any(balance => balance.Stroops != 0) || wallet.State.OwnReserve is true
            || wallet.State.Claims is { Count: > 0 };
        if ((held ? NotEmpty : Hindrance(wallet)) is { } hindrance)
        {
            return hindrance;
        }

        Begin(wallet, new ClosingRecord { Since = wallet.Now });
        await wallet.SaveAsync();
        LogReclaimed(wallet.Key, order.Admin.Value);
        wallet.Engine.StartNext();
        return control.View(wallet);
    }

    /// <summary>Has the account of a closed wallet opened again. What the ledger has of it is asked first. In a turn.</summary>
    public async Task<Result<WalletView>> ReopenAsync(IWalletContext wallet, OpeningOrigin? origin)
    {
        if (wallet.State.Retired is true)
        {
            return IWalletContext.Retired;
        }

        if (wallet.State.Status == WalletStatus.Unopened)
        {
            return IWalletContext.Unconfirmed;
        }

        if (wallet.State.Status == WalletStatus.Closed)
        {
            if ((wallet.State.Frozen is null ? budgets.CheckReopening(wallet.State, wallet.Now) : WalletCompliance.Frozen) is { } refusal)
            {
                return refusal;
            }

            UserDay.Count(wallet.State, wallet.Now).Reopenings++;
            // What others set aside meanwhile is looked for as soon as it is open.
            (wallet.State.Status, wallet.State.SweepAt, wallet.State.Scan) = (WalletStatus.Opening, wallet.Now, null);
            // Counted where its owner is, as any opening; but not as that of somebody who was invited: he has been let in already.
            wallet.State.Origin = (origin ?? new OpeningOrigin()) with { Invited = false, Reopened = true };
            wallet.Events.Raise(EventTypes.WalletOpened);
            await wallet.SaveAsync();
            LogReopened(wallet.Key, wallet.State.Address);
            await wallet.WakeAsync();
        }

        return wallet.View();
    }

    /// <summary>Gives up for good a wallet that has no account. In a turn.</summary>
    public static async Task<Result<bool>> RetireAsync(IWalletContext wallet, PayerProof proof)
    {
        if (wallet.State.Retired is true)
        {
            return true;
        }

        if (wallet.State.Frozen is not null)
        {
            return WalletCompliance.Frozen;
        }

        if (WalletStepUp.CheckAll(wallet.State, proof) is { } unproven)
        {
            return unproven;
        }

        if (wallet.State.Status is not (WalletStatus.Closed or WalletStatus.Unopened))
        {
            return Conflict("wallet_open", "Close the wallet first: what it holds would be nobody's.");
        }

        wallet.State.Retired = true;
        await wallet.SaveAsync();
        return true;
    }

    private async Task<Result<WalletView>> DecideAsync(
        IWalletContext wallet, CloseRequest request, PricedSweep[] priced, CancellationToken cancellationToken)
    {
        if (await AnsweredAsync(wallet, request, cancellationToken) is { } answered)
        {
            return answered;
        }

        if ((await compliance.CheckAsync(wallet, request.Destination, request.Recipient, cancellationToken)
            ?? Hindrance(wallet) ?? WalletStepUp.CheckAll(wallet.State, request.Proof) ?? sweeps.Check(wallet, priced)) is { } refusal)
        {
            return refusal;
        }

        if (!ClosingSweeps.Of(wallet.State).SequenceEqual(priced.Select(sweep => sweep.Amount)))
        {
            return Changed;
        }

        return await wallet.Answers.UnlessKeyIsTakenAsync(async () =>
        {
            var closing = new ClosingRecord
            {
                Destination = request.Destination, Recipient = request.Recipient, Memo = request.Memo, Facts = request.Facts,
                Since = wallet.Now,
            };
            Begin(wallet, closing);
            sweeps.Pay(wallet, closing, priced);
            wallet.Answers.Remember(Operation, request.IdempotencyKey, FingerprintOf(request), wallet.Key, wallet.Now);
            await wallet.SaveAsync();
            LogClosing(wallet.Key, priced.Length);
            wallet.Engine.StartNext();
            return (Result<WalletView>)wallet.View();
        });
    }

    private static void Begin(IWalletContext wallet, ClosingRecord closing)
    {
        // Quotes hold what is to be paid out.
        foreach (var quote in wallet.Book.Payments.Open.ToArray())
        {
            wallet.Book.Payments.Cancel(quote, wallet.Now);
        }

        (wallet.State.Closing, wallet.State.Status) = (closing, WalletStatus.Closing);
        wallet.Events.Raise(EventTypes.WalletClosing);
    }

    // Null where the key is new, or there is none. What came of it, the wallet shows.
    private static async Task<Result<WalletView>?> AnsweredAsync(
        IWalletContext wallet, CloseRequest request, CancellationToken cancellationToken) =>
        await wallet.Answers.FindKeyAsync(
            Operation, request.IdempotencyKey, FingerprintOf(request), wallet.Now, cancellationToken) is { } answered
            ? answered.IsSuccess ? wallet.View() : answered.Error
            : null;

    private static string FingerprintOf(CloseRequest request) =>
        IdempotencyLedger.Fingerprint(request.Destination, request.Memo, request.Facts?.MemoType);

    // What the wallet alone shows. Nothing that a stranger can bring about but a freeze by an issuer.
    private static Error? Hindrance(IWalletContext wallet)
    {
        var state = wallet.State;
        if (state.Frozen is not null)
        {
            return WalletCompliance.Frozen;
        }

        if (IWalletContext.CheckActive(state) is { } notActive)
        {
            return notActive;
        }

        if (state.Payments.Exists(payment => payment.Status != PaymentStatus.Pending && payment.HoldsReservation()))
        {
            return Conflict("payments_under_way", "Payments of this wallet are under way. Please wait for them, or cancel them.");
        }

        if (wallet.Book.Invitations.Open > 0)
        {
            return Conflict("invitations_open", "Invitations of this wallet wait for their recipients. Please take them back, or wait for them.");
        }

        if (wallet.Book.Claims.OpenClaimables > 0)
        {
            return Conflict("claimable_open", "Claimable balances of this wallet wait for their recipients. Please take them back first.");
        }

        // An account that is made anew has its first key, and of one that was replaced the seed is destroyed.
        if (state.NextKey is not null || state.Key!.PublicKey != state.Address)
        {
            return Conflict("wallet_key_replaced", "The key of this wallet was replaced: its account could not be opened again.");
        }

        return ClosingSweeps.Of(state).Select(sweep => QuoteRules.CheckFrozen(state, sweep.Asset.Canonical))
            .FirstOrDefault(frozen => frozen is not null);
    }

    // All that is held must be taken; where nothing is, the account must be there for the merge.
    private async Task<Error?> CheckDestinationAsync(
        IWalletContext wallet, CloseRequest request, IReadOnlyList<Amount> all, CancellationToken cancellationToken)
    {
        foreach (var sweep in all.Count > 0 ? all : [new Amount(Asset.Native, 1)])
        {
            var quote = new QuoteRequest(
                request.Destination, request.Recipient, sweep.Asset.Canonical, sweep.ToDecimalString(), request.Memo,
                Facts: request.Facts);
            var read = QuoteRules.Read(quote, wallet.State.Address, _assets);
            if (!read.IsSuccess)
            {
                return read.Error;
            }

            var facts = await reader.ReadAsync(
                wallet.State.Address, read.Value, new QuoteQuestions(Claimable: false, Own: false, NoFailedPaths), cancellationToken);
            if (((facts.Session is null ? facts.Unknown : PaysSession)
                ?? DestinationRules.Check(facts.Destination, facts.Terms)) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Error Conflict(string code, string message) => new(ErrorKind.Conflict, code, message);

    [LoggerMessage(1026, LogLevel.Information, "Wallet {Wallet} is being closed: {Count} payments, then its account is given up")]
    private partial void LogClosing(string wallet, int count);

    [LoggerMessage(1027, LogLevel.Warning, "The empty account of wallet {Wallet} is given up; {Admin} said so")]
    private partial void LogReclaimed(string wallet, string admin);

    [LoggerMessage(1015, LogLevel.Information, "Wallet {Wallet} is to be open again; its account {Address} is being created")]
    private partial void LogReopened(string wallet, string address);
}
