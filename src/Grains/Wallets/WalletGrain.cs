using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// A user's wallet: what is called of it, and when it is written and woken. What it does is in its parts, of which
/// docs/guides/the-wallet.md tells. Every change goes decide, write, reply, in a turn; what takes long runs beside the turns and
/// comes back for one.
/// </summary>
internal sealed class WalletGrain(
    [PersistentState(GrainState.Wallet, GrainState.HotProvider)] IPersistentState<WalletState> storage,
    WalletParts parts,
    WalletEngines engines,
    ILogger<WalletGrain> logger)
    : DurableGrain<WalletState>(storage, logger), IWalletContext, IWalletGrain, IWalletInternal, IWalletControl,
        IWalletKeysGrain, IWalletClosing, IWalletInvitations
{
    private IAccountWork[] _works = [];
    private KeyChange _keyChange = null!;
    private ClosingWork _closing = null!;
    private WalletBeside? _beside;
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

    private WalletBeside Beside => _beside ??= new WalletBeside(this, parts, engines, RereadAsync, Logger);

    // Whether somebody sees to it that what is under way goes on.
    private bool IsAttended => Engine.IsDriving || Beside.IsJoining;

    public Task<Result<WalletView>> CreateAsync(UserId owner, CancellationToken cancellationToken = default) =>
        Beside.Opening.CreateAsync(owner, cancellationToken);

    public Task<Result<WalletView>> OpenAsync(UserId owner, OpeningOrigin? origin = null, CancellationToken cancellationToken = default) =>
        Beside.Opening.OpenAsync(owner, origin, cancellationToken);

    public Task<Result<WalletView>> GetAsync(UserId caller) => OfOwner(caller, View);

    public Task<Result<WalletSnapshot>> GetSnapshotAsync(UserId caller) =>
        OfOwner(caller, () => new WalletSnapshot(
            View(), [.. State.Payments.Select(p => p.ToView(Id))], State.Invitations?.Select(i => i.ToView()).ToArray()));

    public Task<Result<string>> GetAddressAsync() =>
        Task.FromResult<Result<string>>(State.Owner is null
            ? IWalletContext.NoSuchWallet
            : IWalletContext.CheckPayable(State) is { } refusal ? refusal : State.Address);

    public Task<Result<WalletLimits>> GetLimitsAsync(UserId caller) => OfOwner(caller, () => parts.Limits.View(this));

    public Task<Result<PaymentView>> GetPaymentAsync(UserId caller, PaymentId payment) =>
        OfOwnerAsync(caller, () => Answers.FindAsync(payment, CancellationToken.None));

    public Task<Result<PaymentView>> QuoteAsync(UserId caller, QuoteRequest request, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => parts.Quotes.QuoteAsync(this, request, cancellationToken));

    public Task<Result<PaymentView>> ConfirmAsync(
        UserId caller, PaymentId payment, string? idempotencyKey, PayerProof proof = PayerProof.Session,
        CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => parts.Confirmations.ConfirmAsync(this, payment, idempotencyKey, proof, cancellationToken));

    public Task<Result<PaymentView>> CancelAsync(UserId caller, PaymentId payment) =>
        OfOwnerAsync(caller, () => parts.Confirmations.CancelAsync(this, payment, onlyQuote: false));

    public Task<Result<PaymentView>> CancelQuoteAsync(UserId caller, PaymentId payment) =>
        OfOwnerAsync(caller, () => parts.Confirmations.CancelAsync(this, payment, onlyQuote: true));

    public Task<Result<PaymentView>> ReclaimAsync(UserId caller, PaymentId payment, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => parts.Reclaims.ReclaimAsync(this, payment, cancellationToken));

    public Task<Result<PaymentTrace>> GetTraceAsync(UserId caller, PaymentId payment) =>
        OfOwnerAsync(caller, () => parts.Traces.GetAsync(this, payment));

    public Task<Result<WalletView>> FundFromFriendbotAsync(UserId caller, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => FriendbotFunding.FundAsync(
            this, engines.Settings.Friendbot, engines.Ledger.Gateway, engines.Budgets, cancellationToken));

    public Task<Result<WalletKeyView>> GetKeyAsync(UserId caller) =>
        OfOwnerAsync(caller, () => Task.FromResult(_keyChange.Show()));

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

    public Task<bool> SetSecondFactorAsync(UserId owner, bool isSet, long version, DateTimeOffset? since) =>
        WalletControl.SetSecondFactorAsync(this, owner, isSet, version, since);

    public Task<Result<WalletControlView>> ReclaimAccountAsync(AdminOrder order) => parts.Closings.ReclaimAsync(this, order);

    public Task<Result<WalletView>> CloseAsync(
        UserId caller, CloseRequest request, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => parts.Closings.CloseAsync(this, request, cancellationToken));

    public Task<Result<WalletView>> ReopenAsync(
        UserId caller, OpeningOrigin? origin = null, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => InTurnAsync(() => parts.Closings.ReopenAsync(this, origin)));

    public Task<Result<bool>> RetireAsync(UserId caller, PayerProof proof) =>
        OfOwnerAsync(caller, () => InTurnAsync(() => WalletClosings.RetireAsync(this, proof)));

    public Task<Result<InvitationView>> InviteAsync(
        UserId caller, InvitationRequest request, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => parts.Invitations.InviteAsync(this, request, cancellationToken));

    public Task<Result<InvitationView>> FindInvitedAsync(
        UserId caller, InvitationRequest request, CancellationToken cancellationToken = default) =>
        OfOwnerAsync(caller, () => WalletInvitations.FindAsync(this, request, cancellationToken));

    public Task<Result<InvitationView>> CancelInvitationAsync(UserId caller, InvitationId invitation) =>
        OfOwnerAsync(caller, () => parts.Invitations.CancelAsync(this, invitation));

    public Task<Result<InvitationView>> TakeInvitationAsync(UserId caller, InvitationId invitation, UserId user, string name) =>
        OfOwnerAsync(caller, () => parts.Invitations.TakeAsync(this, invitation, user, name, engines.Settings.OpeningWait));

    public Task<Result<int>> RetryParkedAsync(long token, UserId operatorId) => Beside.Inbox.RetryParkedAsync(token, operatorId);

    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId) => Beside.Inbox.CloseParkedAsync(token, operatorId);

    public Task PokeAsync()
    {
        Beside.Inbox.Poke();
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
        if (Beside.TakeReadings())
        {
            await SaveAsync();
        }

        GoOn();
        // Whatever was done, the index must not name this wallet again at once.
        if (Events.Any || (due && State.DueAt <= Now))
        {
            await SaveAsync();
        }

        Beside.Look();
    }

    public async Task<int> RewrapAsync()
    {
        var rewrapped = await WalletKeys.RewrapAsync(this, engines.Store.Cipher);
        if (!HasServed && !IsAttended)
        {
            // A rotation goes through all wallets; they are not to be all in memory after it.
            DeactivateOnIdle();
        }

        return rewrapped;
    }

    public WalletView View() => new(
        Id, State.ShownAddress, State.ShownStatus, WalletBalances.All(State, engines.Settings.Assets), State.Revision,
        State.OpensAfter > Now ? State.OpensAfter : null);

    public override async Task SaveAsync(string? faultPoint = null)
    {
        _faultPoint = faultPoint;
        await WriteAsync();
        Beside.Look();
    }

    public void WakeSoon(TimeSpan? pause = null) =>
        (_waker ??= new SoonWaker(this, WakeAsync, engines.Settings.Time, Logger)).WakeSoon(pause);

    string[] IAccountOwner.Traces() => PaymentSignals.TracesOf(Book.Payments.In(State.Submission));

    void IAccountOwner.Signed(Submission submission) => PaymentLog.Signed(Logger, Book.Payments.In(submission), submission);

    void IAccountOwner.Ended(Submission submission, string? code) =>
        PaymentLog.Ended(Logger, Book.Payments.In(submission), code);

    Task IWalletContext.WakeAsync() => WakeAsync();

    protected override void Attach()
    {
        WalletRows.Take(State);
        var settings = engines.Settings;
        Engine ??= new AccountEngine(this, engines.Account, Logger);
        _keyChange ??= new KeyChange(this, engines.Store.Cipher, engines.Budgets, engines.Account.Faults, Logger);
        _closing ??= new ClosingWork(this, engines.Ledger.Gateway, parts.Sweeps, engines.Compliance, Logger);
        if (_works.Length == 0)
        {
            _works = [_keyChange, new PaymentWork(this, engines.Compliance, engines.Store.Payees, Logger), new ClaimWork(this), _closing];
        }

        Events = new WalletEvents(GrainKey, State, settings.Assets, settings.Business);
        Book = new WalletBook(State, Events, settings.Claims, _keyChange, _closing) { InvitationsKept = parts.Invitations.KeptOver };
        Answers = new PaymentAnswers(State, GrainKey, engines.Store.Keys, engines.Store.Archive);
    }

    protected override void Resume() => GoOn();

    protected override void ResumeSoon()
    {
        WakeSoon();
        Beside.Resume();
    }

    protected override void StopBesideWork()
    {
        Engine.Stop();
        Beside.Stop();
        _waker?.Stop();
    }

    protected override void Prepare()
    {
        Book.Prune(Now);
        State.DueAt = WalletDue.Next(
            State, Now, engines.Settings.ResumeAfter, Beside.OpensNow || _works.Any(work => work.Waits), IsAttended);
        Events.Flush();
        WalletRows.Put(State);
    }

    protected override void Stored() => Beside.Stored();

    protected override bool IsVerdict(Exception writeFailure) => engines.Store.Invited.Of(writeFailure) != InvitationRefusal.None;

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

    private void GoOn()
    {
        if (!Beside.IsOpening)
        {
            Engine.Resume();
        }
        else if (Beside.OpensNow)
        {
            Beside.Opening.Continue();
        }
    }

    private Task<Result<T>> OfOwner<T>(UserId caller, Func<T> view) =>
        Task.FromResult<Result<T>>(((IWalletContext)this).IsOwner(caller) ? view() : IWalletContext.NoSuchWallet);

    private Task<Result<T>> OfOwnerAsync<T>(UserId caller, Func<Task<Result<T>>> ask) =>
        ((IWalletContext)this).IsOwner(caller) ? ask() : Task.FromResult<Result<T>>(IWalletContext.NoSuchWallet);
}
