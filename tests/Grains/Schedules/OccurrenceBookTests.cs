using Microsoft.Extensions.Logging.Abstractions;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Tests.World;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Schedules;

/// <summary>
/// Under which key the wallet is asked for an attempt. Two keys for one occurrence could be two payments, so another is used only
/// once the wallet has said what stands under the one before.
/// </summary>
public sealed class OccurrenceBookTests
{
    private readonly TestClock _clock = new();
    private readonly ScheduleBookState _state = new() { Owner = UserId.New(TimeProvider.System).Value };
    private readonly ScheduleRecord _schedule;
    private readonly OccurrenceBook _book;

    public OccurrenceBookTests()
    {
        _book = new OccurrenceBook(_state, new ScheduleEvents(_state, _clock), NullLogger.Instance);
        var shop = FakeNetwork.NewAddress();
        _schedule = new ScheduleRecord
        {
            Id = ScheduleId.New(_clock).Value, Recipient = shop, Destination = shop, Asset = "native", Stroops = 1,
            Frequency = Frequency.Once, StartAt = Now, TimeZone = "UTC",
        };
        _schedule.MoveTo(1);
        _state.Schedules.Add(_schedule);
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    private OccurrenceRecord Current => _schedule.Current!;

    [Fact]
    public void After_a_refusal_the_next_attempt_has_the_same_key()
    {
        Answer(Take(), Refused);
        var first = Key(1);
        _clock.Advance(TimeSpan.FromMinutes(5));

        Take().Request!.IdempotencyKey.ShouldBe(first);
        Current.Attempt.ShouldBe(2);
    }

    [Fact]
    public void After_a_payment_that_failed_for_good_it_has_another()
    {
        Answer(Take(), Paid(PaymentStatus.Failed));
        _clock.Advance(TimeSpan.FromMinutes(5));

        Take().Request!.IdempotencyKey.ShouldBe(Key(2));
    }

    [Fact]
    public void A_key_that_the_payer_used_for_something_else_is_left_to_it()
    {
        Answer(Take(), new Error(ErrorKind.Conflict, "idempotency_key_reused", "Used."));
        _clock.Advance(TimeSpan.FromMinutes(5));

        Take().Request!.IdempotencyKey.ShouldBe(Key(2));
    }

    [Theory]
    [InlineData(ErrorKind.Conflict, "idempotency_key_in_use", 2)]
    [InlineData(ErrorKind.Unavailable, "network_unavailable", 60)]
    [InlineData(ErrorKind.RateLimited, "too_many_open_payments", 60)]
    public void What_says_nothing_of_the_outcome_is_no_attempt_and_is_asked_again_under_the_same_key(
        ErrorKind kind, string code, int seconds)
    {
        Answer(Take(), new Error(kind, code, "No."));

        (Current.Attempt, Current.Trying, Current.FailureCode).ShouldBe((1, true, code));
        _schedule.DueAt().ShouldBe(Now.AddSeconds(seconds));
        Take().Request!.IdempotencyKey.ShouldBe(Key(1));
        _state.Outbox.ShouldBeEmpty();
    }

    [Fact]
    public void While_a_question_without_an_answer_may_still_reach_the_wallet_a_refusal_is_not_the_last_word()
    {
        Answer(Take(), null);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Answer(Take(), Refused);

        (Current.Attempt, Current.Trying).ShouldBe((1, true));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Answer(Take(), Refused);
        Current.Trying.ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Answer(Take(), Refused);
        Current.Trying.ShouldBeFalse();
        _state.Outbox.Single().Type.ShouldBe(EventTypes.OccurrenceRetrying);
    }

    [Fact]
    public void So_is_it_for_a_question_that_a_crash_left_behind()
    {
        Take();

        Answer(Take(), Refused);

        Current.Trying.ShouldBeTrue();
    }

    [Fact]
    public void An_attempt_of_which_nothing_could_be_learned_for_20_hours_is_given_up_and_not_made_again()
    {
        Answer(Take(), null);
        _clock.Advance(TimeSpan.FromHours(20) + TimeSpan.FromSeconds(1));
        var last = Take();
        last.Request.ShouldBeNull();

        Answer(last, new Error(ErrorKind.Conflict, SchedulePayer.OutcomeUnknown, "Unknown."));

        _schedule.Past.Single().Status.ShouldBe(OccurrenceStatus.Failed);
        _state.Outbox[0].Type.ShouldBe(EventTypes.OccurrenceFailed);
    }

    [Fact]
    public void An_answer_to_an_attempt_that_is_over_changes_nothing()
    {
        var order = Take();
        Answer(order, Paid(PaymentStatus.Succeeded));
        _state.Outbox.Clear();

        _book.Judge(new ScheduleAnswer(order, Paid(PaymentStatus.Failed)), Now).ShouldBeFalse();

        _schedule.Past.Single().Status.ShouldBe(OccurrenceStatus.Succeeded);
        _state.Outbox.ShouldBeEmpty();
    }

    private static Error Refused => new(ErrorKind.Refused, "insufficient_funds", "Too little.");

    private PaymentView Paid(PaymentStatus status) => new(
        PaymentId.New(_clock), WalletId.Of(UserId.Parse(_state.Owner)), status, _schedule.Recipient, _schedule.Destination,
        new Amount(Asset.Native, _schedule.Stroops), FeeStroops: 0, Memo: null, Now, Now, CompletedAt: null, TransactionHash: null,
        Ledger: null, FailureCode: null);

    private ScheduleOrder Take() => _book.Take(_schedule, Now).ShouldNotBeNull();

    private void Answer(ScheduleOrder order, Result<PaymentView>? answer) =>
        _book.Judge(new ScheduleAnswer(order, answer), Now).ShouldBeTrue();

    private string Key(int number) => $"{_schedule.Id}:1:{number}";
}
