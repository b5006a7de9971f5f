using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>
/// An account of a session's own: what can be called of it, and when it is written and woken. What came to it is the merchant's once he has
/// it, and the session judges it then.
/// </summary>
internal sealed partial class PaymentAddressGrain(
    [PersistentState(PaymentAddressState.Name, GrainState.HotProvider)] IPersistentState<PaymentAddressState> storage,
    PaymentAddressServices services,
    ILogger<PaymentAddressGrain> logger)
    : DurableGrain<PaymentAddressState>(storage, logger), IPaymentAddressContext, IPaymentAddressGrain, IPaymentAddressInternal,
        IPaymentAddressControl
{
    // While ledgers stand still nothing is to be learnt, and nobody waits but one session.
    private static readonly TimeSpan EndPause = TimeSpan.FromSeconds(2);
    private const int MostEndDoublings = 9;

    private AddressOpening? _opening;
    private SoonWaker? _waker;
    private AddressSweep? _sweep;
    private Task<Result<string>>? _making;
    private bool _isCounted;
    private bool _tells;

    public AddressBook Book { get; private set; } = null!;

    public SubmissionBook Submissions { get; private set; } = null!;

    public AccountEngine Engine { get; private set; } = null!;

    public DateTimeOffset Now => services.Clocks.Business.GetUtcNow();

    PaymentAddressState IPaymentAddressContext.State => State;

    IAccountState IAccountOwner.Account => State;

    IReadOnlyList<IAccountWork> IAccountOwner.Works => field ??= [Sweep];

    private AddressSweep Sweep => _sweep ??= new AddressSweep(this, services.Opening, services.Options.Value);

    private AddressInbox Inbox => field ??= new AddressInbox(this, services, RereadAsync, Logger);

    private AddressOpening Opening => _opening ??= new AddressOpening(this, services.Opening, Logger);

    public async Task<Result<string>> OpenAsync(NewPaymentAddress order, CancellationToken cancellationToken = default)
    {
        if (await InTurnAsync(() => Task.FromResult(State.Key?.PublicKey)) is { } made)
        {
            return made;
        }

        // Whoever asks meanwhile waits with the others: it counts once in the merchant's day.
        var making = _making ??= MakeAsync(order);
        return await making.WaitAsync(cancellationToken);
    }

    public async Task<SessionAddress?> ReadAsync()
    {
        if (State.Key is null)
        {
            return null;
        }

        var isAll = await Inbox.ReadAsync();
        var now = Book.Now();
        return isAll ? now : now with { Awaits = true };
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

    public async Task<int> RewrapAsync()
    {
        var key = await InTurnAsync(() => Task.FromResult(State.Key));
        var rewrapped = await services.Opening.Cipher.RewrapIfNeededAsync(GrainKey, key);
        return rewrapped is null
            ? 0
            : await InTurnAsync(async () =>
            {
                if (!EncryptedSeed.IsSame(State.Key, rewrapped))
                {
                    return 0;
                }

                State.Key = rewrapped;
                await WriteAsync();
                return 1;
            });
    }

    public async Task WakeAsync()
    {
        if (State.Key is null)
        {
            return;
        }

        await Inbox.LookAtEndAsync();
        if (State is { Status: PaymentAddressStatus.Opening, HasAccount: false } && Book.Worth.IsClosing(Now))
        {
            // A sponsor may be about to open it all the same: then it is given up when the ledger tells.
            _opening?.Stop();
            State.Status = PaymentAddressStatus.Closed;
            await WriteAsync();
        }
        else if (State.DueAt <= Now)
        {
            // The index must not name it again at once, and ever less often while nothing comes of it.
            State.Delays++;
            State.EndDelays += State.ExpiresAt <= Now && !State.IsPastEnd ? 1 : 0;
            await WriteAsync();
        }

        GoOn();
    }

    public void WakeSoon(TimeSpan? pause = null) =>
        (_waker ??= new SoonWaker(this, WakeAsync, services.Clocks.Time, Logger)).WakeSoon(pause);

    string[] IAccountOwner.Traces() => [];

    void IAccountOwner.Signed(Submission submission)
    {
        LogSending(GrainKey, submission.Operations.Count, State.PaysTo, submission.PresentHash());
        GrainFactory.GetGrain<IMerchantInternal>(State.Merchant).CountSweepAsync(Sweep.WasLittle).Ignore();
    }

    void IAccountOwner.Ended(Submission submission, string? code) => LogEnded(GrainKey, submission.PresentHash(), code ?? "");

    protected override void Attach()
    {
        AddressReceipt.Take(State);
        Book = new AddressBook(GrainKey, State);
        Submissions = new SubmissionBook(State, [Sweep]);
        Engine ??= new AccountEngine(this, services.Accounts, Logger);
    }

    protected override void Resume() => GoOn();

    protected override void ResumeSoon()
    {
        WakeSoon();
        Inbox.Resume();
    }

    protected override void StopBesideWork()
    {
        Engine.Stop();
        _opening?.Stop();
        _waker?.Stop();
    }

    protected override void Prepare()
    {
        State.Parked += State.Inbox is { } marks
            ? marks.Parking.Count - marks.Resolving.Count(each => each.Status != "parked")
            : 0;
        Book.Flush(Now);
        _tells = State.Inbox is { Sent.Count: > 0 };
        State.DueAt = DueAt();
        AddressReceipt.Put(State);
    }

    protected override void Stored()
    {
        if (_tells)
        {
            _tells = false;
            GrainFactory.GetGrain<IPaymentSessionInternal>(GrainKey).PokeAsync().Ignore();
        }
    }

    private async Task<Result<string>> MakeAsync(NewPaymentAddress order)
    {
        // What ends at once would end before anybody has noted it.
        await Task.Yield();
        try
        {
            if (!_isCounted)
            {
                var counted = await GrainFactory.GetGrain<IMerchantInternal>(order.Merchant)
                    .TakeAddressAsync(order.IsForAnybody);
                if (!counted.IsSuccess)
                {
                    return counted.Error;
                }

                _isCounted = true;
            }

            // Beside the turns: the keeper of keys may take its time.
            var seed = await services.Opening.Cipher.CreateAsync(GrainKey, CancellationToken.None);
            return await InTurnAsync(() => Opening.BeginAsync(seed, order));
        }
        finally
        {
            _making = null;
        }
    }

    private DateTimeOffset? DueAt()
    {
        var resume = Now + AddressOpening.ResumeAfter(State.Delays);
        DateTimeOffset? opens = State.Key is null || State.Status != PaymentAddressStatus.Opening ? null
            : State.OpensAfter > Now ? State.OpensAfter : resume;
        DateTimeOffset? sweeps = State.Submission is not null || Sweep.Waits ? resume
            : !State.HasAccount ? null
            : State.TriedAfter > Now ? State.TriedAfter : Book.Worth.NextAt(Now);
        // What is parked waits for an operator.
        DateTimeOffset? ends = State.Key is null || State.IsPastEnd || State.Parked > 0 ? null
            : State.ExpiresAt > Now ? State.ExpiresAt : Now + EndPause * (1 << Math.Min(State.EndDelays, MostEndDoublings));
        var due = new[] { opens, sweeps, ends }.Min();
        // Whoever is written all the time is woken all the same.
        return due is not null && State.DueAt > Now && State.DueAt < due ? State.DueAt : due;
    }

    private void GoOn()
    {
        Engine.Resume();
        // Nobody is shown an address so late that an exchange does not pay it in time.
        var shown = Now + TimeSpan.FromMinutes(services.Options.Value.LeastMinutes) / 2;
        if (State is { Key: not null, Status: PaymentAddressStatus.Opening } && !(State.OpensAfter > Now) && !Book.Worth.IsClosing(shown))
        {
            Opening.Continue();
        }
    }

    [LoggerMessage(3257, LogLevel.Debug, "The account of {Session} sends {Count} operations to {Merchant} by transaction {Hash}.")]
    private partial void LogSending(string session, int count, string merchant, string hash);

    [LoggerMessage(3258, LogLevel.Debug, "The account of {Session}: transaction {Hash} to its merchant is decided. {Code}")]
    private partial void LogEnded(string session, string hash, string code);
}
