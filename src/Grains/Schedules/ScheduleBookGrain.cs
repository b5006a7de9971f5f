using Microsoft.Extensions.Logging;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Schedules;

/// <summary>
/// A user's scheduled payments. It holds no money: each occurrence is a payment of the user's wallet, asked for under an
/// idempotency key of its own, which is stored before the wallet is asked. The wallet is asked beside the turns.
/// </summary>
internal sealed class ScheduleBookGrain(
    [PersistentState(GrainState.ScheduleBook, GrainState.Provider)] IPersistentState<ScheduleBookState> storage,
    ScheduleServices services,
    ILogger<ScheduleBookGrain> logger) : DurableGrain<ScheduleBookState>(storage, logger), IScheduleBookGrain
{
    private static readonly Error NoSuchSchedule =
        new(ErrorKind.NotFound, "schedule_not_found", "There is no such scheduled payment.");

    private static readonly Error IsOver = new(ErrorKind.Conflict, "schedule_over", "This scheduled payment is over.");

    private ScheduleEvents _events = null!;
    private ScheduleBook _book = null!;
    private OccurrenceBook _occurrences = null!;
    private KeyMemory _keys = null!;
    private SchedulePayer? _payer;

    // Whether what is due has somebody who pays it, beside the turns.
    private bool _isAttended;

    private DateTimeOffset Now => services.Business.GetUtcNow();

    private SchedulePayer Payer => _payer ??= new SchedulePayer(this, services.Desk, StepAsync, Logger);

    public async Task<Result<ScheduleView>> CreateAsync(
        UserId caller, ScheduleRequest request, CancellationToken cancellationToken = default)
    {
        if (!IsOwner(caller))
        {
            return NoSuchSchedule;
        }

        var address = await GrainFactory.GetGrain<IWalletGrain>(WalletId.Of(caller).Value).GetAddressAsync();
        return address.IsSuccess
            ? await InTurnAsync(() => CreateAsync(caller, request, address.Value, cancellationToken))
            : address.Error;
    }

    public Task<Result<ScheduleView[]>> ListAsync(UserId caller) => Task.FromResult<Result<ScheduleView[]>>(
        IsOwner(caller) ? State.Schedules.Select(s => s.ToView()).Reverse().ToArray() : NoSuchSchedule);

    public Task<Result<ScheduleView>> GetAsync(UserId caller, ScheduleId schedule) =>
        Task.FromResult<Result<ScheduleView>>(Find(caller, schedule) is { } found ? found.ToView() : NoSuchSchedule);

    public Task<Result<ScheduleView>> PauseAsync(UserId caller, ScheduleId schedule) =>
        ChangeAsync(caller, schedule, ScheduleStatus.Paused, EventTypes.SchedulePaused);

    public Task<Result<ScheduleView>> ResumeAsync(UserId caller, ScheduleId schedule, PayerProof proof = PayerProof.Session) =>
        ChangeAsync(caller, schedule, ScheduleStatus.Active, EventTypes.ScheduleResumed, proof);

    public Task<Result<ScheduleView>> CancelAsync(UserId caller, ScheduleId schedule) =>
        ChangeAsync(caller, schedule, ScheduleStatus.Cancelled, EventTypes.ScheduleCancelled);

    public async Task<Result<int>> RetireAsync(UserId caller)
    {
        if (!IsOwner(caller))
        {
            return NoSuchSchedule;
        }

        var open = State.Schedules.Where(schedule => !schedule.IsOver).ToArray();
        foreach (var schedule in open)
        {
            schedule.Become(ScheduleStatus.Cancelled, Now);
            _events.Raise(EventTypes.ScheduleCancelled, schedule);
            _occurrences.Changed(schedule, Now);
        }

        if (State.Schedules.Count > 0)
        {
            State.IsRetired = true;
            await SaveAsync();
        }

        return open.Length;
    }

    // Decides and stores; who woke it does not wait for the wallet, and so keeps no other book from being woken.
    public async Task WakeAsync()
    {
        if (!_isAttended)
        {
            var step = await StepAsync(answer: null);
            if (step.GoesOn)
            {
                Payer.Start(step);
            }
        }
        else if (State.DueAt <= Now)
        {
            // It is still being paid; the index must not name it again at once.
            await SaveAsync();
        }
    }

    protected override void Attach()
    {
        ScheduleRows.Take(State);
        _events = new ScheduleEvents(State, services.Business);
        _book = new ScheduleBook(State);
        _occurrences = new OccurrenceBook(State, _events, Logger);
        _keys = new KeyMemory(services.Keys, GrainKey);
    }

    // What was under way when this activation was read again, or began, is taken up by the next wake-up: the due index has it.
    protected override void StopBesideWork()
    {
        _isAttended = false;
        _payer?.Stop();
    }

    protected override void Prepare()
    {
        _book.Prune();
        State.DueAt = _book.DueAt(Now, _isAttended);
        ScheduleRows.Put(State);
    }

    // One step, in a turn: what the wallet said is judged, and what is due next is taken in hand, by one write.
    private async Task<ScheduleStep> StepAsync(ScheduleAnswer? answer)
    {
        var judged = answer is not null && _occurrences.Judge(answer, Now);
        var due = _book.NextDue(Now);
        var order = due is null ? null : _occurrences.Take(due, Now);
        _isAttended = due is not null;
        if (judged || due is not null || State.DueAt <= Now)
        {
            await SaveAsync();
        }

        return new ScheduleStep(order, GoesOn: due is not null);
    }

    private async Task<Result<ScheduleView>> CreateAsync(
        UserId caller, ScheduleRequest request, string address, CancellationToken cancellationToken)
    {
        var fingerprint = ScheduleRules.FingerprintOf(request);
        var answered = await _keys.FindAsync(
            IdempotencyLedger.Schedule, request.IdempotencyKey, fingerprint, Now, cancellationToken);
        if (answered is not null)
        {
            return !answered.IsSuccess ? answered.Error
                : Find(caller, ScheduleId.Parse(answered.Value)) is { } made ? made.ToView()
                : IsOver;
        }

        var read = ScheduleRules.Read(request, address, services.Assets, ScheduleId.New(services.Business), Now);
        if (!read.IsSuccess)
        {
            return read.Error;
        }

        if (_book.CountOpen() >= ScheduleRules.MaxOpen)
        {
            return new Error(ErrorKind.RateLimited, "too_many_schedules",
                $"You can have {ScheduleRules.MaxOpen} scheduled payments. Please cancel one first.");
        }

        State.Owner = caller.Value;
        State.Schedules.Add(read.Value);
        _events.Raise(EventTypes.ScheduleCreated, read.Value);
        if (_keys.Remember(IdempotencyLedger.Schedule, request.IdempotencyKey, fingerprint, read.Value.Id, Now) is { } entry)
        {
            State.Keys.Add(entry);
        }

        try
        {
            await SaveAsync();
        }
        catch (Exception exception) when (services.Keys.IsTaken(exception))
        {
            return new Error(ErrorKind.Conflict, "idempotency_key_in_use",
                "Another request with this idempotency key was answered at the same moment. Please repeat it.",
                IdempotencyLedger.Header);
        }

        return read.Value.ToView();
    }

    private async Task<Result<ScheduleView>> ChangeAsync(
        UserId caller, ScheduleId schedule, ScheduleStatus to, string eventType, PayerProof proof = PayerProof.Session)
    {
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
            return IsOver;
        }

        found.Become(to, Now);
        if (to == ScheduleStatus.Active)
        {
            // What fell due meanwhile is passed over.
            found.MoveTo(found.Recurrence.FirstAfter(Now, found.NextNumber));
            found.IsProven = found.IsProven is true || proof == PayerProof.FactorShown ? true : null;
        }

        _events.Raise(eventType, found);
        _occurrences.Changed(found, Now);
        await SaveAsync();
        return found.ToView();
    }

    private bool IsOwner(UserId caller) => ScheduleBooks.KeyOf(caller) == GrainKey;

    private ScheduleRecord? Find(UserId caller, ScheduleId schedule) =>
        IsOwner(caller) ? State.Schedules.Find(s => s.Id == schedule.Value) : null;
}
