using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Merchants;

/// <summary>
/// A merchant: what can be called of it, and when it is written and woken. It books what comes to its account, and what sessions say
/// of that, and pays back what they order.
/// </summary>
internal sealed partial class MerchantGrain(
    [PersistentState(MerchantState.Name, GrainState.HotProvider)] IPersistentState<MerchantState> storage,
    MerchantServices services,
    ILogger<MerchantGrain> logger)
    : DurableGrain<MerchantState>(storage, logger), IMerchantContext, IMerchantGrain, IMerchantInternal, IMerchantControl
{
    private MerchantOpening? _opening;
    private SoonWaker? _waker;
    private string[] _told = [];

    private static readonly Error NotReady = new(ErrorKind.Conflict, "merchant_not_ready",
        "The merchant's account is being opened. Please try again in a few seconds.");

    private static readonly Error TooManyRefunds = new(ErrorKind.RateLimited, "merchant_refunds_too_many",
        "Too many of the merchant's refunds wait or are under way. Please try again later.");

    private static readonly Error Suspended = new(ErrorKind.Forbidden, "merchant_suspended", "The merchant is suspended.");

    public MerchantBook Book { get; private set; } = null!;

    public DateTimeOffset Now => services.Clocks.Business.GetUtcNow();

    public ReceiptBook Receipts { get; private set; } = null!;

    public RefundOrders Refunds { get; private set; } = null!;

    public SubmissionBook Submissions { get; private set; } = null!;

    public AccountEngine Engine { get; private set; } = null!;

    MerchantState IMerchantContext.State => State;

    IAccountState IAccountOwner.Account => State;

    IReadOnlyList<IAccountWork> IAccountOwner.Works => field ??= [new RefundWork(this, services.Denied)];

    private MerchantInbox Inbox => field ??= new MerchantInbox(this, services, RereadAsync, Logger);

    private ReceiptDesk Desk => field ??= new ReceiptDesk(this, services.Receipts, services.Payers, services.Refunds.Value);

    private AddressDesk Addresses => field ??= new AddressDesk(this, services.Addresses.Value);

    private MerchantOpening Opening => _opening ??= new MerchantOpening(this, services.Opening, Logger);

    public async Task<Result<MerchantView>> OpenAsync(
        MerchantId caller, int tier = 0, OpeningOrigin? origin = null, ExcessChoices? excess = null,
        CancellationToken cancellationToken = default)
    {
        if (caller.Value != GrainKey)
        {
            return IMerchantContext.NoSuchMerchant;
        }

        if (await InTurnAsync(() => Task.FromResult(State.Key is null)))
        {
            // Beside the turns: the keeper of keys may take its time.
            var seed = await services.Opening.Cipher.CreateAsync(GrainKey, cancellationToken);
            await InTurnAsync(() => Opening.BeginAsync(seed, tier, origin, excess));
        }

        return await InTurnAsync(() => Task.FromResult<Result<MerchantView>>(View()));
    }

    public Task<Result<MerchantView>> GetAsync(MerchantId caller) =>
        Task.FromResult<Result<MerchantView>>(State.Key is null || caller.Value != GrainKey ? IMerchantContext.NoSuchMerchant : View());

    public Task<Result<UnmatchedReceipt>> AssignReceiptAsync(MerchantId caller, UnmatchedReceiptId receipt, PaymentSessionId session) =>
        Desk.AssignAsync(caller, receipt, session);

    public Task<Result<UnmatchedReceipt>> TopUpReceiptAsync(MerchantId caller, UnmatchedReceiptId receipt) =>
        Desk.TopUpAsync(caller, receipt);

    public async Task<Result<UnmatchedReceipt>> RefundReceiptAsync(
        MerchantId caller, UnmatchedReceiptId receipt, CancellationToken cancellationToken = default)
    {
        var refunding = await Desk.RefundAsync(caller, receipt, cancellationToken);
        WakeSoon(TimeSpan.Zero);
        return refunding;
    }

    // Interleaves, and reads what changes in one assignment only.
    public Task<Result<MerchantFacts>> GetFactsAsync() => Task.FromResult<Result<MerchantFacts>>(State switch
    {
        { Key: null } => IMerchantContext.NoSuchMerchant,
        { Suspended: true } => Suspended,
        { Status: MerchantAccountStatus.Opening } => NotReady,
        var state => new MerchantFacts(state.Address, state.Tier, state.Excess, state.Decision),
    });

    // Interleaves, and reads what one write changes or nothing.
    public Task<Result<MerchantRefunds>> GetRefundsAsync(bool isClaimed) => Task.FromResult<Result<MerchantRefunds>>(
        new RefundDays(State, services.Refunds.Value).Facts(isClaimed, Now) is var facts
            && facts.Waiting < services.Refunds.Value.MostWaiting
                ? facts
                : TooManyRefunds);

    public async Task<Result<int>> TakeAddressAsync(bool isForAnybody) =>
        await GetFactsAsync() is { IsSuccess: false, Error: { } refusal } ? refusal : await Addresses.TakeAsync(isForAnybody);

    // Interleaves, and reads one object.
    public Task<Result<int>> GetSweepsAsync(bool isLittle) => Task.FromResult(Addresses.Sweeps(isLittle));

    public Task CountSweepAsync(bool isLittle) => Addresses.CountSweepAsync(isLittle);

    public async Task<Result<MerchantView>> SetTermsAsync(long decision, bool suspended, int? tier = null, ExcessChoices? excess = null)
    {
        if (State.Key is null)
        {
            return IMerchantContext.NoSuchMerchant;
        }

        if (tier is < 0 or >= MerchantFeeOptions.Tiers)
        {
            return new Error(ErrorKind.InvalidRequest, "tier_invalid", $"'tier' is 0 to {MerchantFeeOptions.Tiers - 1}.", "tier");
        }

        // Of two decisions the later may come first: what is older has been decided anew since.
        var decided = (suspended, tier ?? State.Tier, decision, excess ?? State.Excess);
        if (decision >= State.Decision && (State.Suspended, State.Tier, State.Decision, State.Excess) != decided)
        {
            (State.Suspended, State.Tier, State.Decision, State.Excess) = decided;
            Book.Raise(EventTypes.MerchantTermsChanged);
            var gaveUp = Refunds.GiveUp(Now);
            await WriteAsync();
            if (gaveUp)
            {
                // There may be more than one write takes; and what was set aside is others' now.
                WakeSoon(TimeSpan.Zero);
                Inbox.Poke();
            }
        }

        return View();
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

        var gaveUp = Refunds.GiveUp(Now);
        if (gaveUp || State.DueAt <= Now)
        {
            // The index must not name it again at once.
            await WriteAsync();
        }

        if (gaveUp)
        {
            // There may be more than one write takes.
            WakeSoon(TimeSpan.Zero);
        }

        GoOn();
    }

    public void WakeSoon(TimeSpan? pause = null) =>
        (_waker ??= new SoonWaker(this, WakeAsync, services.Clocks.Time, Logger)).WakeSoon(pause);

    string[] IAccountOwner.Traces() => [];

    void IAccountOwner.Signed(Submission submission) =>
        LogSending(GrainKey, submission.Operations.Count, submission.Operations[0].Subject, submission.PresentHash());

    void IAccountOwner.Ended(Submission submission, string? code) => LogEnded(GrainKey, submission.PresentHash(), code ?? "");

    protected override void Attach()
    {
        MerchantRows.Take(State);
        Book = new MerchantBook(GrainKey, State, services.Clocks.Business);
        Receipts = new ReceiptBook(GrainKey, State, Book, services.Opening.Network.Value.IsLive, services.Clocks.Business);
        Refunds = new RefundOrders(State, Book, Receipts, services.Refunds.Value);
        Submissions = new SubmissionBook(State, [Refunds]);
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
        var resume = Now + MerchantOpening.ResumeAfter;
        // Once the day is there for which it was put off, it is looked at as any other.
        var due = State.Status != MerchantAccountStatus.Opening
            ? State.Submission is not null ? resume : Refunds.DueAt(Now, MerchantOpening.ResumeAfter)
            : State.OpensAfter > Now ? State.OpensAfter : resume;
        // Whoever is written all the time is woken all the same.
        State.DueAt = due is not null && State.DueAt > Now && State.DueAt < due ? State.DueAt : due;
        Refunds.Flush();
        Book.Flush();
        Receipts.Flush();
        _told = MerchantRows.Receivers(State);
        MerchantRows.Put(State);
    }

    protected override void Stored()
    {
        var told = _told;
        _told = [];
        foreach (var session in told)
        {
            GrainFactory.GetGrain<IPaymentSessionInternal>(session).PokeAsync().Ignore();
        }
    }

    private void GoOn()
    {
        Engine.Resume();
        if (State is { Key: not null, Status: MerchantAccountStatus.Opening } && !(State.OpensAfter > Now))
        {
            Opening.Continue();
        }
    }

    private MerchantView View() => new(
        MerchantId.Parse(GrainKey), State.Address, State.Status, State.Suspended, State.Tier,
        [
            .. State.Books.OrderBy(book => book.Key, StringComparer.Ordinal).Select(book => new MerchantBalance(
                book.Key, book.Value.OnLedger, book.Value.Available, book.Value.Pending, book.Value.Held, book.Value.Fees,
                book.Value.Unallocated, book.Value.Refunds)),
        ],
        State.Revision);

    [LoggerMessage(1551, LogLevel.Debug, "Merchant {Merchant} pays {Count} refunds, the first {Refund}, by transaction {Hash}.")]
    private partial void LogSending(string merchant, int count, string refund, string hash);

    [LoggerMessage(1552, LogLevel.Debug, "Merchant {Merchant}: transaction {Hash} that pays refunds is decided. {Code}")]
    private partial void LogEnded(string merchant, string hash, string code);
}
