using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Requests;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// A user's wallet: what is called of it, and when it is written and woken. What it does is in its parts, of which
/// docs/guides/the-wallet.md tells. Every change goes decide, write, reply, in a turn; what takes long runs beside the turns and
/// comes back for one.
/// </summary>
internal sealed partial class WalletGrain(
    [PersistentState(GrainState.Wallet, GrainState.HotProvider)] IPersistentState<WalletState> storage,
    WalletParts parts,
    WalletEngines engines,
    ILogger<WalletGrain> logger)
    : DurableGrain<WalletState>(storage, logger), IWalletContext, IWalletGrain, IWalletInternal, IWalletControl, IWalletKeysGrain
{
    // While something under way has somebody to do it, the wake-up that would replace that somebody can be later.
    private const int AttendedFactor = 3;

    private IAccountWork[] _works = [];
    private KeyChange _keyChange = null!;
    private WalletInbox? _inbox;
    private WalletOpening? _opening;
    private ClaimableScan? _scan;
    private SoonWaker? _waker;
    private string? _faultPoint;

    public WalletBook Book { get; private set; } = null!;

    public WalletEvents Events { get; private set; } = null!;

    public PaymentAnswers Answers { get; private set; } = null!;

    public AccountEngine Engine { get; private set; } = null!;

    public WalletId Id => WalletId.Parse(GrainKey);

    public DateTimeOffset Now => engines.Settings.Business.GetUtcNow();

    WalletState IWalletContext.State => State;

    IAccountState IAccountOwner.Account => State;

    SubmissionBook IAccountOwner.Submissions => Book.Submissions;

    IReadOnlyList<IAccountWork> IAccountOwner.Works => _works;

    private bool IsOpening => State.Status == WalletStatus.Opening && State.Owner is not null;

    private WalletInbox Inbox => _inbox ??= new WalletInbox(
        this, engines.Ledger, engines.Settings.Time, RereadAsync, TakeOpening, ForgetInbox, Logger);

    private WalletOpening Opening => _opening ??= new WalletOpening(this, engines.Opening, engines.Settings.ResumeAfter, Logger);

    private ClaimableScan Scan => _scan ??= new ClaimableScan(
        this, engines.Ledger.Gateway, engines.Ledger.Clock, engines.Settings.Claims, engines.Settings.ResumeAfter, Logger);

    // Whether somebody sees to it that what is under way goes on.
    private bool IsAttended => Engine.IsDriving || _opening?.IsJoining is true;

    public Task<Result<WalletView>> OpenAsync(UserId owner, CancellationToken cancellationToken = default) =>
        Opening.OpenAsync(owner, cancellationToken);

    public Task<Result<WalletView>> GetAsync(UserId caller) => OfOwner(caller, View);

    public Task<Result<WalletSnapshot>> GetSnapshotAsync(UserId caller) =>
        OfOwner(caller, () => new WalletSnapshot(View(), [.. State.Payments.Select(p => p.ToView(Id))]));

    public Task<Result<string>> GetAddressAsync() =>
        Task.FromResult<Result<string>>(State.Owner is null ? IWalletContext.NoSuchWallet : State.Address);

    public Task<Result<WalletLimits>> GetLimitsAsync(UserId caller) => OfOwner(caller, () => parts.Limits.View(this));

    public Task<Result<PaymentView>> GetPaymentAsync(UserId caller, PaymentId payment) =>
        OfOwnerAsync(caller, () => Answers.FindAsync(payment, CancellationToken.None));

    public Task<Result<PaymentView>> QuoteAsync(
        UserId caller, QuoteRequest request, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => parts.Quotes.QuoteAsync(this, request, cancellationToken));

    public Task<Result<PaymentView>> ConfirmAsync(
        UserId caller, PaymentId payment, string? idempotencyKey, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => parts.Confirmations.ConfirmAsync(this, payment, idempotencyKey, cancellationToken));

    public Task<Result<PaymentView>> CancelAsync(UserId caller, PaymentId payment) =>
        OfOwnerAsync(caller, () => parts.Confirmations.CancelAsync(this, payment));

    public Task<Result<PaymentView>> ReclaimAsync(
        UserId caller, PaymentId payment, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => parts.Reclaims.ReclaimAsync(this, payment, cancellationToken));

    public Task<Result<PaymentTrace>> GetTraceAsync(UserId caller, PaymentId payment) =>
        OfOwnerAsync(caller, () => parts.Traces.GetAsync(this, payment));

    public Task<Result<WalletView>> FundFromFriendbotAsync(UserId caller, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => FriendbotFunding.FundAsync(
            this, engines.Settings.Friendbot, engines.Ledger.Gateway, cancellationToken));

    public Task<Result<WalletKeyView>> GetKeyAsync(UserId caller) => OfOwner(caller, _keyChange.View);

    public Task<Result<WalletKeyView>> RotateKeyAsync(UserId caller, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => _keyChange.BeginAsync(caller.Value, cancellationToken));

    public Task<Result<WalletKeyView>> RotateKeyByAdminAsync(AdminOrder order) => State.Owner is null
        ? Task.FromResult<Result<WalletKeyView>>(IWalletContext.NoSuchWallet)
        : _keyChange.BeginAsync(order.Admin.Value, CancellationToken.None);

    public Task<Result<WalletControlView>> GetControlAsync() => Task.FromResult(parts.Control.View(this));

    public Task<Result<WalletControlView>> FreezeAsync(AdminOrder order) => parts.Control.FreezeAsync(this, order);

    public Task<Result<WalletControlView>> UnfreezeAsync(AdminOrder order) => parts.Control.UnfreezeAsync(this, order);

    public Task<Result<WalletControlView>> SetTierAsync(AdminOrder order, int tier) =>
        parts.Control.SetTierAsync(this, order, tier);

    public Task<Result<int>> RetryParkedAsync(long token, UserId operatorId) => Inbox.RetryParkedAsync(token, operatorId);

    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId) => Inbox.CloseParkedAsync(token, operatorId);

    public Task PokeAsync()
    {
        Inbox.Poke();
        return Task.CompletedTask;
    }

    public async Task WakeAsync()
    {
        if (State.Owner is null)
        {
            return;
        }

        var due = State.DueAt is { } at && at <= Now;
        Book.Payments.ExpireQuotes(Now);
        if (_scan?.TakeSights() is true)
        {
            await SaveAsync();
        }

        GoOn();
        // Whatever was done, the index must not name this wallet again at once.
        if (Events.Any || (due && State.DueAt <= Now))
        {
            await SaveAsync();
        }

        StartScanning();
    }

    // The keeper of keys is asked beside the turns. A key that has changed meanwhile is judged by the rotation's next pass.
    public async Task<int> RewrapAsync()
    {
        var cipher = engines.Store.Cipher;
        var (key, nextKey) = await InTurnAsync(() => Task.FromResult((State.Key, State.NextKey)));
        var present = await cipher.RewrapIfNeededAsync(GrainKey, key);
        var next = await cipher.RewrapIfNeededAsync(GrainKey, nextKey);
        return present is null && next is null ? 0 : await InTurnAsync(() => KeepRewrappedAsync(present, next));
    }

    public WalletView View() => new(
        Id, State.Address, State.ShownStatus, WalletBalances.All(State, engines.Settings.Assets), State.Revision);

    public override async Task SaveAsync(string? faultPoint = null)
    {
        _faultPoint = faultPoint;
        await WriteAsync();
        StartScanning();
    }

    public void WakeSoon(TimeSpan? pause = null) =>
        (_waker ??= new SoonWaker(this, WakeAsync, engines.Settings.Time, Logger)).WakeSoon(pause);

    string[] IAccountOwner.Traces() => PaymentSignals.TracesOf(Book.Payments.In(State.Submission));

    void IAccountOwner.Signed(Submission submission)
    {
        foreach (var payment in Book.Payments.In(submission))
        {
            LogSigned(payment.Id, submission.PresentHash());
        }
    }

    // Under the id of the request that confirmed each: what drives a payment to its end has no request of its own.
    void IAccountOwner.Ended(Submission submission, string? code)
    {
        foreach (var payment in Book.Payments.In(submission))
        {
            using var scope = payment.RequestId is { } id ? Logger.BeginScope(new RequestScope(id)) : null;
            if (PaymentTransitions.IsTerminal(payment.Status))
            {
                payment.RequestId = null;
                LogEnded(payment.Id, payment.Status, payment.TransactionHash, payment.Ledger, payment.FailureCode);
            }
            else
            {
                LogRequeued(payment.Id, payment.Signings, code);
            }
        }
    }

    Task IWalletContext.WakeAsync() => WakeAsync();

    protected override void Attach()
    {
        WalletRows.Take(State);
        var settings = engines.Settings;
        Engine ??= new AccountEngine(this, engines.Account, Logger);
        _keyChange ??= new KeyChange(this, engines.Store.Cipher, engines.Account.Faults, Logger);
        if (_works.Length == 0)
        {
            _works = [_keyChange, new PaymentWork(this, engines.Compliance, Logger), new ClaimWork(this)];
        }

        Events = new WalletEvents(GrainKey, State, settings.Assets, settings.Business);
        Book = new WalletBook(State, Events, settings.Claims, _keyChange);
        Answers = new PaymentAnswers(State, GrainKey, engines.Store.Keys, engines.Store.Archive);
    }

    protected override void Resume() => GoOn();

    protected override void ResumeSoon()
    {
        WakeSoon();
        _inbox?.Resume();
    }

    protected override void StopBesideWork()
    {
        Engine.Stop();
        _opening?.Stop();
        _scan?.Stop();
        _waker?.Stop();
    }

    protected override void Prepare()
    {
        Book.Prune(Now);
        State.DueAt = NextDue();
        Events.Flush();
        WalletRows.Put(State);
    }

    protected override void Stored() => Events.Stored();

    protected override async Task BeforeWriteAsync()
    {
        if (_faultPoint is { } point)
        {
            _faultPoint = null;
            await engines.Account.Faults.HitAsync(point, GrainKey);
        }

        await engines.Account.Faults.HitAsync(FaultPoint.WalletSaving, GrainKey);
    }

    protected override Task AfterWriteAsync() => engines.Account.Faults.HitAsync(FaultPoint.WalletSaved, GrainKey);

    private async Task<int> KeepRewrappedAsync(EncryptedSeed? present, EncryptedSeed? next)
    {
        var (takesPresent, takesNext) = (EncryptedSeed.IsSame(State.Key, present), EncryptedSeed.IsSame(State.NextKey, next));
        if (takesPresent || takesNext)
        {
            (State.Key, State.NextKey) = (takesPresent ? present : State.Key, takesNext ? next : State.NextKey);
            await WriteAsync();
        }

        if (!HasServed && !IsAttended)
        {
            // A rotation goes through all wallets; they are not to be all in memory after it.
            DeactivateOnIdle();
        }

        return (takesPresent ? 1 : 0) + (takesNext ? 1 : 0);
    }

    private void GoOn()
    {
        if (IsOpening)
        {
            Opening.Continue();
        }
        else
        {
            Engine.Resume();
        }
    }

    private void TakeOpening(LedgerOperation operation)
    {
        if (IsOpening)
        {
            Opening.Take(operation);
        }

        if (!IsOpening)
        {
            // Never needed again.
            _opening = null;
        }
    }

    // An idle wallet keeps nothing that it has no use for.
    private void ForgetInbox() => _inbox = null;

    private void StartScanning()
    {
        if (ClaimableScan.IsDue(State, Now))
        {
            Scan.Start();
        }
    }

    private DateTimeOffset? NextDue()
    {
        var now = Now;
        var due = ClaimableScan.DueAt(State, now, engines.Settings.ResumeAfter);
        foreach (var payment in State.Payments)
        {
            if (payment.Status == PaymentStatus.Pending && (due is null || payment.ExpiresAt < due))
            {
                due = payment.ExpiresAt;
            }
        }

        return (IsOpening || Book.Submissions.IsUnderWay || _works.Any(work => work.Waits)) && (due is null || ResumeAt(now) < due)
            ? ResumeAt(now)
            : due;
    }

    // A transaction has somebody as soon as it is stored. A wake-up that is set and comes a little early does no harm, and
    // leaving it as it is spares the database its index.
    private DateTimeOffset ResumeAt(DateTimeOffset now)
    {
        var after = engines.Settings.ResumeAfter;
        var resume = now + (IsAttended || Book.Submissions.IsUnderWay ? AttendedFactor * after : after);
        return State.DueAt is { } set && set > now + after && set < resume ? set : resume;
    }

    private Task<Result<T>> OfOwner<T>(UserId caller, Func<T> view) =>
        Task.FromResult<Result<T>>(((IWalletContext)this).IsOwner(caller) ? view() : IWalletContext.NoSuchWallet);

    private Task<Result<T>> OfOwnerAsync<T>(UserId caller, Func<Task<Result<T>>> ask) =>
        ((IWalletContext)this).IsOwner(caller) ? ask() : Task.FromResult<Result<T>>(IWalletContext.NoSuchWallet);

    [LoggerMessage(1048, LogLevel.Information, "Payment {Payment} is signed: transaction {Hash}.")]
    private partial void LogSigned(string payment, string hash);

    [LoggerMessage(1050, LogLevel.Information, "Payment {Payment} ended {Status}: transaction {Hash}, ledger {Ledger}, code {Code}.")]
    private partial void LogEnded(string payment, PaymentStatus status, string? hash, long? ledger, string? code);

    [LoggerMessage(1052, LogLevel.Warning, "Payment {Payment} goes into another transaction, after {Signings}: {Code}.")]
    private partial void LogRequeued(string payment, int signings, string? code);
}
