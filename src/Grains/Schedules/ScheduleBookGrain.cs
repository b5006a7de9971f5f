using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Events;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Schedules;

/// <summary>
/// A user's scheduled payments. It holds no money: each occurrence is a payment of the user's wallet, asked for under an
/// idempotency key of its own, which is stored before the wallet is asked.
/// </summary>
internal sealed partial class ScheduleBookGrain(
    [PersistentState(GrainState.ScheduleBook, GrainState.Provider)] IPersistentState<ScheduleBookState> storage,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    IOptions<NetworkOptions> network,
    ILogger<ScheduleBookGrain> logger) : ActivatedGrain, IScheduleBookGrain
{
    // What one wake-up does at most; the rest is the next one's.
    private const int MaxSteps = 64;

    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    private static readonly Error NoSuchSchedule =
        new(ErrorKind.NotFound, "schedule_not_found", "There is no such scheduled payment.");

    private ScheduleEvents _events = null!;
    private OccurrenceBook _occurrences = null!;
    private bool _unsound;

    private ScheduleBookState State => storage.State;

    private DateTimeOffset Now => business.GetUtcNow();

    protected override Task ActivateAsync(CancellationToken cancellationToken)
    {
        _events = new ScheduleEvents(State, business);
        _occurrences = new OccurrenceBook(_events, business, logger);
        return Task.CompletedTask;
    }

    public async Task<Result<ScheduleView>> CreateAsync(
        UserId caller, ScheduleRequest request, CancellationToken cancellationToken = default)
    {
        RequireSound();
        if (!IsOwner(caller))
        {
            return NoSuchSchedule;
        }

        if (request.IdempotencyKey is { } key
            && State.Schedules.Find(s => s.Key == key && s.CreatedAt + KeyLifetime > Now) is { } made)
        {
            return made.Fingerprint == ScheduleRules.FingerprintOf(request)
                ? made.ToView()
                : new Error(ErrorKind.Conflict, "idempotency_key_reused",
                    "This idempotency key was used before with another request.", "Idempotency-Key");
        }

        var address = await WalletOf(caller).GetAddressAsync();
        if (!address.IsSuccess)
        {
            return address.Error;
        }

        var read = ScheduleRules.Read(request, address.Value, network.Value.Assets, ScheduleId.New(business), Now);
        if (!read.IsSuccess)
        {
            return read.Error;
        }

        if (State.Schedules.Count(s => !s.IsOver) >= ScheduleRules.MaxOpen)
        {
            return new Error(ErrorKind.RateLimited, "too_many_schedules",
                $"You can have {ScheduleRules.MaxOpen} scheduled payments. Please cancel one first.");
        }

        State.Owner = caller.Value;
        State.Schedules.Add(read.Value);
        _events.Raise(EventTypes.ScheduleCreated, read.Value);
        await SaveAsync();
        return read.Value.ToView();
    }

    public Task<Result<ScheduleView[]>> ListAsync(UserId caller)
    {
        RequireSound();
        return Task.FromResult<Result<ScheduleView[]>>(
            IsOwner(caller) ? State.Schedules.Select(s => s.ToView()).Reverse().ToArray() : NoSuchSchedule);
    }

    public Task<Result<ScheduleView>> GetAsync(UserId caller, ScheduleId schedule)
    {
        RequireSound();
        return Task.FromResult<Result<ScheduleView>>(Find(caller, schedule) is { } found ? found.ToView() : NoSuchSchedule);
    }

    public Task<Result<ScheduleView>> PauseAsync(UserId caller, ScheduleId schedule) =>
        ChangeAsync(caller, schedule, ScheduleStatus.Paused, EventTypes.SchedulePaused);

    public Task<Result<ScheduleView>> ResumeAsync(UserId caller, ScheduleId schedule) =>
        ChangeAsync(caller, schedule, ScheduleStatus.Active, EventTypes.ScheduleResumed);

    public Task<Result<ScheduleView>> CancelAsync(UserId caller, ScheduleId schedule) =>
        ChangeAsync(caller, schedule, ScheduleStatus.Cancelled, EventTypes.ScheduleCancelled);

    public async Task WakeAsync()
    {
        RequireSound();
        for (var step = 0; step < MaxSteps && NextDue() is { } schedule; step++)
        {
            await StepAsync(schedule);
        }
    }

    private async Task<Result<ScheduleView>> ChangeAsync(
        UserId caller, ScheduleId schedule, ScheduleStatus to, string eventType)
    {
        RequireSound();
        if (Find(caller, schedule) is not { } found)
        {
            return NoSuchSchedule;
        }

        if (found.Status == to)
        {
            return found.ToView();
        }

        if (found.IsOver)
        {
            return new Error(ErrorKind.Conflict, "schedule_over", "This scheduled payment is over.");
        }

        found.Status = to;
        if (to == ScheduleStatus.Active)
        {
            // What fell due meanwhile is passed over.
            found.MoveTo(found.Recurrence.FirstAfter(Now, found.NextNumber));
        }

        _events.Raise(eventType, found);
        if (to != ScheduleStatus.Active && found.Current is { Trying: false } waiting)
        {
            _occurrences.End(found, waiting, OccurrenceStatus.Skipped, EventTypes.OccurrenceSkipped);
        }

        _occurrences.CompleteIfOver(found);
        await SaveAsync();
        return found.ToView();
    }

    private ScheduleRecord? NextDue() =>
        State.Schedules.Where(s => s.DueAt() <= Now).MinBy(s => s.DueAt());

    private async Task StepAsync(ScheduleRecord schedule)
    {
        if (schedule.Current is null && !_occurrences.Begin(schedule))
        {
            await SaveAsync();
            return;
        }

        var current = schedule.Current!;
        if (!current.Trying)
        {
            _occurrences.Attempt(current);
            await SaveAsync();
        }

        _occurrences.Judge(schedule, current, await PayAsync(schedule, current));
        _occurrences.CompleteIfOver(schedule);
        await SaveAsync();
    }

    // Asks the wallet, or asks again what became of it. Null where the wallet gave no answer.
    private async Task<Result<PaymentView>?> PayAsync(ScheduleRecord schedule, OccurrenceRecord current)
    {
        var owner = UserId.Parse(State.Owner);
        var wallet = WalletOf(owner);
        try
        {
            if (current.Payment is { } known)
            {
                var found = await wallet.GetPaymentAsync(owner, PaymentId.Parse(known));
                if (found.IsSuccess && found.Value.Status != PaymentStatus.Pending)
                {
                    return found;
                }
            }

            if (!_occurrences.IsKeySafe(current))
            {
                return new Error(ErrorKind.Conflict, OccurrenceBook.OutcomeUnknown, "What became of the payment could not be learned.");
            }

            var key = $"{schedule.Id}:{current.Number}:{current.Attempt}";
            return await wallet.QuoteAsync(owner, new QuoteRequest(
                schedule.Destination, schedule.Recipient, schedule.Asset, Money.Amount.Format(schedule.Stroops),
                schedule.Memo, key, ConfirmsAtOnce: true));
        }
        catch (Exception exception)
        {
            // The same attempt under the same key is made again.
            LogNoAnswer(exception, schedule.Id, current.Number);
            return null;
        }
    }

    private bool IsOwner(UserId caller) => ScheduleBooks.KeyOf(caller) == this.GetPrimaryKeyString();

    private ScheduleRecord? Find(UserId caller, ScheduleId schedule) =>
        IsOwner(caller) ? State.Schedules.Find(s => s.Id == schedule.Value) : null;

    private IWalletGrain WalletOf(UserId user) => GrainFactory.GetGrain<IWalletGrain>(WalletId.Of(user).Value);

    private async Task SaveAsync()
    {
        try
        {
            var surplus = State.Schedules.Count(s => s.IsOver) - ScheduleRules.KeptOver;
            State.Schedules.RemoveAll(s => s is { IsOver: true, Current: null } && s.CreatedAt + KeyLifetime <= Now && surplus-- > 0);
            State.DueAt = State.Schedules.Min(s => s.DueAt());
            await storage.WriteStateAsync();
        }
        catch
        {
            // What is stored is not known: this activation serves nobody any more.
            _unsound = true;
            DeactivateOnIdle();
            throw;
        }
    }

    private void RequireSound()
    {
        if (_unsound)
        {
            DeactivateOnIdle();
            throw new OrleansException("The scheduled payments could not be stored. Please try again.");
        }
    }

    [LoggerMessage(1702, LogLevel.Warning, "Schedule {Schedule}, occurrence {Number}: the wallet gave no answer.")]
    private partial void LogNoAnswer(Exception exception, string schedule, int number);
}
