using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Sessions;

/// <summary>A payment session: what can be called of it, and when it is written and woken. What it decides is in its book.</summary>
internal sealed class PaymentSessionGrain(
    [PersistentState(PaymentSessionState.Name, GrainState.HotProvider)] IPersistentState<PaymentSessionState> storage,
    PaymentSessionServices services,
    IIdempotencyIndex keys,
    ILogger<PaymentSessionGrain> logger)
    : DurableGrain<PaymentSessionState>(storage, logger), IPaymentSessionContext, IPaymentSessionGrain, IPaymentSessionInternal,
        IPaymentSessionControl
{
    private readonly SessionPokes _pokes = new();

    // As lists have it; null before it is made.
    private PaymentSessionStatus? _listed;

    public PaymentSessionBook Book { get; private set; } = null!;

    public SessionSignings Signings { get; private set; } = null!;

    public RefundBook Refunds { get; private set; } = null!;

    public RefundAddressBook RefundAddresses { get; private set; } = null!;

    public Acceptances Acceptances { get; private set; } = null!;

    public SessionAddresses Addresses => field ??= new SessionAddresses(this, services.Addresses.Value);

    public AutomaticExcess Excess => field ??= new AutomaticExcess(this, Desk, services, Logger);

    public DateTimeOffset Now => Clock.NowOf(State);

    public DateTimeOffset SystemNow => Clock.System;

    public bool LivesByTestClock => State.Clock is not null && !Clock.IsGone;

    PaymentSessionState IPaymentSessionContext.State => State;

    private SessionClock Clock => field ??= new SessionClock(services.TestClocks, services.Clocks);

    private SessionEnd End => field ??= new SessionEnd(
        this, Clock, services, () => Inbox.DrainAsync(), () => GrainFactory.GetGrain<IPaymentSessionGrain>(GrainKey).WakeAsync());

    private SessionMaking Making => field ??= new SessionMaking(this, services, keys, Clock, End);

    private RefundDesk Desk => field ??= new RefundDesk(
        this, services.Payers, services.Fees.Value, keys, new ClaimPace(services.Clocks.Time));

    private RefundAddressDesk AddressDesk => field ??= new RefundAddressDesk(this, services.RefundAddresses, services.Deciders, keys);

    private PaymentSessionInbox Inbox => field ??= new PaymentSessionInbox(this, services, RereadAsync, Logger);

    public Task<Result<PaymentSessionView>> CreateAsync(
        MerchantId caller, NewPaymentSession order, CancellationToken cancellationToken = default) =>
        Making.MakeAsync(caller, order, cancellationToken);

    public Task<Result<PaymentSessionView>> GetAsync(MerchantId caller) =>
        Task.FromResult<Result<PaymentSessionView>>(IsOf(caller) ? View() : IPaymentSessionContext.NoSuchSession);

    public async Task<Result<PaymentSessionView>> ViewAsync(MerchantId caller)
    {
        if (!IsOf(caller))
        {
            return IPaymentSessionContext.NoSuchSession;
        }

        if (State is { ViewedAt: null, Status: PaymentSessionStatus.Created } && State.ExpiresAt > Now)
        {
            Book.View(Now);
            await WriteAsync();
        }

        return View();
    }

    public async Task<Result<PaymentSessionView>> OpenAddressAsync(MerchantId caller, CancellationToken cancellationToken = default) =>
        await Addresses.OpenAsync(caller, cancellationToken) is { } refusal
            ? refusal
            : await InTurnAsync(() => Task.FromResult<Result<PaymentSessionView>>(View()));

    public async Task<Result<PaymentSessionView>> CancelAsync(MerchantId caller, string? reason)
    {
        if (!IsOf(caller))
        {
            return IPaymentSessionContext.NoSuchSession;
        }

        // What the ledger holds by now was paid before it was cancelled; what of it is not judged yet keeps it from being cancelled. What
        // an account of its own has told is judged with the rest, and what wallets here have signed is known: the ledgers once more after
        // that, for what was signed before may have come meanwhile.
        var isAllThere = State.Status != PaymentSessionStatus.Created || await Addresses.ReadAsync();
        var drained = await Inbox.DrainAsync();
        if (State.Status == PaymentSessionStatus.Created && isAllThere && drained is not null)
        {
            isAllThere = await Inbox.TakeRowsAsync();
            drained = await Inbox.DrainAsync();
        }

        var isAllJudged = drained is not null && State.Parked == 0;
        if (State.Status == PaymentSessionStatus.Canceled)
        {
            return View();
        }

        if (State.Status != PaymentSessionStatus.Created)
        {
            return new Error(ErrorKind.Conflict, "payment_session_not_open",
                $"The payment session is {(State.Status == PaymentSessionStatus.Paid ? "paid" : "expired")} and cannot be cancelled.");
        }

        if (!isAllJudged || !isAllThere || State.Own is { Awaits: true })
        {
            return new Error(ErrorKind.Unavailable, "payment_session_busy",
                "What came for the payment session is being judged. Please try again in a moment.");
        }

        if (Signings.Refuses)
        {
            return Signings.CannotCancel;
        }

        Book.Cancel(reason, Now);
        await WriteAsync();
        return View();
    }

    // The other session is told in the write that accepts it; should this process be gone, the sweep pokes it.
    public Task<Result<PaymentSessionId>> AcceptAsync(
        MerchantId caller, LedgerPlace payment, CancellationToken cancellationToken = default) =>
        InTurnAsync(() => AcceptAsync(caller, payment));

    public Task<Result<PaymentSessionView>> MayAcceptAsync(
        MerchantId caller, LedgerPlace payment, CancellationToken cancellationToken = default) =>
        InTurnAsync(() => Task.FromResult(
            !IsOf(caller) ? IPaymentSessionContext.NoSuchSession
            : Acceptances.Refusal(payment) is { } refusal ? refusal
            : (Result<PaymentSessionView>)View()));

    public Task<Result<RefundView>> RefundAsync(MerchantId caller, NewRefund order, CancellationToken cancellationToken = default) =>
        Desk.RefundAsync(caller, order, cancellationToken);

    public Task<Result<RefundView>> ClaimAsync(
        MerchantId caller, LedgerPlace payment, bool isOwnAccount, CancellationToken cancellationToken = default) =>
        Desk.ClaimAsync(caller, payment, isOwnAccount, cancellationToken);

    public Task<Result<PaymentSessionView>> SetRefundAddressAsync(
        MerchantId caller, NewRefundAddress order, CancellationToken cancellationToken = default) =>
        AddressDesk.DecideAsync(caller, order, cancellationToken);

    public Task TakeRefundAddressesAsync(DateTimeOffset now) => AddressDesk.TakeEffectAsync(now);

    public Task<Result<PaymentSessionView>> WithdrawRefundAddressAsync(MerchantId caller, LedgerPlace payment) =>
        AddressDesk.WithdrawAsync(caller, payment);

    public async Task<Result<PaymentSessionView>> BeginAsync(MerchantId caller)
    {
        if (State.Merchant is null)
        {
            await Inbox.BeginAsync();
        }

        return IsOf(caller) ? View() : IPaymentSessionContext.NoSuchSession;
    }

    public Task<Result<int>> RetryParkedAsync(long token, UserId operatorId) => Inbox.RetryParkedAsync(token, operatorId);

    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId) => Inbox.CloseParkedAsync(token, operatorId);

    public Task<Result<int>> RetrySetAsideAsync(long id, UserId operatorId) => Inbox.RetrySetAsideAsync(id, operatorId);

    public Task<Result<int>> CloseSetAsideAsync(long id, UserId operatorId) => Inbox.CloseSetAsideAsync(id, operatorId);

    public Task PokeAsync()
    {
        Inbox.Poke();
        return Task.CompletedTask;
    }

    public Task WakeAsync()
    {
        Excess.Continue();
        return End.LookAsync();
    }

    protected override Task BeforeTurnAsync() => Clock.LookAsync(State);

    protected override void Attach()
    {
        PaymentSessionRows.Take(State);
        Clock.Note(State);
        _listed = State.Merchant is null ? null : State.Status;
        Book = new PaymentSessionBook(GrainKey, State, services.Voice, services.Fees.Value);
        Signings = new SessionSignings(State, Book, services.Voice.Business);
        Refunds = new RefundBook(GrainKey, State, services.Voice);
        RefundAddresses = new RefundAddressBook(GrainKey, State, Refunds, services.Voice);
        Acceptances = new Acceptances(GrainKey, State, Book, Refunds.Pots, services.Fees.Value, services.Clocks.Business);
    }

    protected override void Resume() => Excess.Continue();

    protected override void ResumeSoon()
    {
        Inbox.Resume();
        Excess.ContinueSoon();
    }

    protected override void StopBesideWork() => Excess.Stop();

    protected override bool IsVerdict(Exception writeFailure) =>
        keys.IsTaken(writeFailure) || services.Inbox.IsNumberTaken(writeFailure);

    protected override void Prepare()
    {
        State.Parked += State.Inbox is { } marks
            ? marks.Parking.Count - marks.Resolving.Count(each => each.Status != "parked")
            : 0;
        if (State.Status != PaymentSessionStatus.Created)
        {
            Signings.Clear();
        }

        // By whatever the write brings: a receipt, too, may complete what is signed, or leave it too little.
        Signings.Tell();
        Clock.PutDue(State, End.Patience);
        if (State.Merchant is { } merchant && _listed != State.Status)
        {
            State.Listed.Add(new ListedObject(
                merchant, PaymentSessionState.Name, GrainKey, State.CreatedAt, State.Status.ToString(), State.Origin));
            if (State.Status != PaymentSessionStatus.Created)
            {
                Addresses.TellEnd();
            }
        }

        Addresses.Flush();
        Book.Flush(Now);
        RefundAddresses.Flush(Now);
        Refunds.Flush(Now);
        _pokes.Note(State, Acceptances.Flush());
        PaymentSessionRows.Put(State);
    }

    protected override void Stored()
    {
        _listed = State.Status;
        Excess.Continue();
        End.LookBehindAsync().Ignore();
        _pokes.Send(GrainFactory);
    }

    private async Task<Result<PaymentSessionId>> AcceptAsync(MerchantId caller, LedgerPlace payment)
    {
        if (!IsOf(caller))
        {
            return IPaymentSessionContext.NoSuchSession;
        }

        var accepted = Acceptances.Accept(payment, Now);
        if (accepted.IsSuccess && Book.Count > 0)
        {
            await WriteAsync();
        }

        return accepted;
    }

    private bool IsOf(MerchantId caller) => State.Merchant is not null && State.Merchant == caller.Value;

    private PaymentSessionView View() => PaymentSessionViews.Of(GrainKey, State);
}
