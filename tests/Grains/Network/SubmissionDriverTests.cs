using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Network;

public sealed class SubmissionDriverTests : IDisposable, ISubmissionWatch
{
    private static readonly IOptions<NetworkOptions> Settings =
        Options.Create(new NetworkOptions { Passphrase = FakeNetwork.Passphrase, FirstLookMilliseconds = 50 });

    private static readonly StellarNetwork OnNetwork = new(FakeNetwork.Passphrase);
    private readonly FakeNetwork _network = new();
    private readonly SigningKey _payer = SigningKey.Generate();
    private readonly string _payee;
    private readonly SignedTransaction _transaction;
    private readonly EventLog _log = new();
    private int _acknowledged;
    private int _answered;
    private volatile int _watermarkAsked;

    // How far the follower has come; null for as far as the network has.
    private LedgerClose? _followed;

    public SubmissionDriverTests()
    {
        _payee = _network.NewOutsider();
        var address = _payer.AccountId.ToString();
        _network.Look(l => l.Accounts[address] = new FakeAccount { Sequence = 41, Native = 1000 });
        _transaction = Build(address, sequence: 42, stroops: 100);
    }

    public void Dispose() => _payer.Dispose();

    [Fact]
    public async Task A_transaction_that_the_network_takes_at_once_has_succeeded()
    {
        var report = await DriveAsync();

        report.Outcome.ShouldBe(SubmissionOutcome.Succeeded);
        report.Ledger.ShouldBe(_network.Look(l => l.Applied[_transaction.Hash].Ledger));
    }

    [Theory]
    [InlineData(Answer.TimeOutAfterApplying, 1)]
    [InlineData(Answer.TimeOutWithoutApplying, 2)]
    [InlineData(Answer.TooManyRequests, 2)]
    [InlineData(Answer.PendingThenApplied, 1)]
    [InlineData(Answer.BadSequence, 2)]
    public async Task A_transaction_without_a_clear_answer_is_looked_for_and_sent_again_unchanged(Answer answer, int times)
    {
        _network.Next(answer);

        (await DriveAsync()).Outcome.ShouldBe(SubmissionOutcome.Succeeded);

        _network.Submitted.ShouldBe(Enumerable.Repeat(_transaction.Envelope, times));
        PaidOnce();
    }

    [Fact]
    public async Task That_the_network_has_it_is_said_once()
    {
        _network.Next(Answer.PendingThenApplied);

        await DriveAsync();

        (_acknowledged, _answered).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_transaction_that_the_network_has_is_submitted_again_when_a_ledger_has_passed_it_over()
    {
        _network.Next(Answer.PendingForEver, Answer.PendingForEver);

        (await DriveAsync()).Outcome.ShouldBe(SubmissionOutcome.Succeeded);

        _network.Submitted.ShouldBe(Enumerable.Repeat(_transaction.Envelope, 3));
        (_acknowledged, _answered).ShouldBe((1, 3));
    }

    [Fact]
    public async Task A_fee_that_is_too_low_is_said_where_more_may_be_bid_and_borne_where_it_may_not()
    {
        _network.Look(l => l.MinimumFee = 5000);
        var bump = BumpOf(_transaction, fee: 1000);

        var report = await DriveAsync(bump with { BumpAfter = bump.MaxTime });
        (report.Outcome, report.Code, report.FeeNeededStroops).ShouldBe((SubmissionOutcome.FeeTooLow, "tx_insufficient_fee", 5000));

        var driving = DriveAsync(bump);
        await TestWorld.UntilAsync(() => _network.Submitted.Count > 2, "it was tried again");
        _network.Look(l => l.MinimumFee = 0);
        (await driving).Outcome.ShouldBe(SubmissionOutcome.Succeeded);
    }

    [Fact]
    public async Task A_transaction_that_ledgers_pass_over_wants_a_higher_fee_after_its_time()
    {
        _network.Next(Enumerable.Repeat(Answer.PendingForEver, 100).ToArray());
        var stuck = _transaction with { BumpAfter = TimeProvider.System.GetUtcNow().AddSeconds(-5) };

        (await DriveAsync(stuck)).Outcome.ShouldBe(SubmissionOutcome.FeeTooLow);
    }

    [Fact]
    public async Task Whichever_of_its_fee_bumps_the_ledger_took_is_found_by_what_is_inside()
    {
        _network.Look(l => l.Apply(BumpOf(_transaction, fee: 1000).Envelope));

        var report = await DriveAsync(BumpOf(_transaction, fee: 10_000), sentBefore: true);

        report.Outcome.ShouldBe(SubmissionOutcome.Succeeded);
        report.TransactionHash.ShouldBe(BumpOf(_transaction, fee: 1000).Hash);
        _network.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_a_restart_the_ledger_is_asked_before_anything_is_sent()
    {
        _network.Look(l => l.Apply(_transaction.Envelope));

        (await DriveAsync(sentBefore: true)).Outcome.ShouldBe(SubmissionOutcome.Succeeded);

        _network.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failure_on_the_ledger_is_final_and_names_the_ledger_and_the_operations_code()
    {
        var tooMuch = Build(_transaction.Source, sequence: 42, stroops: 5000);

        var report = await DriveAsync(tooMuch);

        (report.Outcome, report.Code).ShouldBe((SubmissionOutcome.Terminal, "op_underfunded"));
        report.Ledger.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_refusal_of_the_first_submission_is_final_for_nobody_else_has_the_envelope()
    {
        _network.Next(Answer.RefuseForGood);

        var report = await DriveAsync();

        (report.Outcome, report.Code, report.Ledger).ShouldBe((SubmissionOutcome.Terminal, "tx_bad_auth", null));
        _network.Submitted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_after_a_lost_answer_is_not_final_for_a_copy_may_be_on_its_way()
    {
        _network.Next(Answer.TimeOutWithoutApplying, Answer.RefuseForGood);

        (await DriveAsync()).Outcome.ShouldBe(SubmissionOutcome.Succeeded);

        PaidOnce();
    }

    [Fact]
    public async Task A_frozen_entry_ends_the_first_submission_and_an_operator_hears_of_it()
    {
        _network.Next(Answer.Frozen);

        var report = await DriveAsync();

        (report.Outcome, report.Code).ShouldBe((SubmissionOutcome.Terminal, "tx_frozen_key_accessed"));
        _network.Submitted.Count.ShouldBe(1);
        _log.Events.ShouldContain((LogLevel.Critical, 1106));
    }

    [Fact]
    public async Task A_frozen_entry_is_not_asked_for_again_where_a_copy_may_be_on_its_way_and_the_ledger_decides()
    {
        _network.Next(Answer.TimeOutWithoutApplying, Answer.Frozen);
        var driving = DriveAsync();
        await TestWorld.UntilAsync(() => _network.Submitted.Count == 2, "it was sent twice");
        var looks = _network.AccountsAsked.Count;
        await TestWorld.UntilAsync(() => _network.AccountsAsked.Count > looks + 1, "it was looked for twice more");
        driving.IsCompleted.ShouldBeFalse();

        _network.AdvanceClock(TimeSpan.FromMinutes(6));

        (await driving).Code.ShouldBe("tx_too_late");
        _network.Submitted.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_code_that_nobody_knows_holds_it_without_sending_it_again_until_a_ledger_has_it()
    {
        _network.Next(Answer.UnknownCode);
        var driving = DriveAsync(_transaction with { BumpAfter = TimeProvider.System.GetUtcNow().AddSeconds(-5) });
        await TestWorld.UntilAsync(() => _network.AccountsAsked.Count > 1, "it was looked for twice");

        driving.IsCompleted.ShouldBeFalse();
        _network.Submitted.Count.ShouldBe(1);
        _log.Events.ShouldContain((LogLevel.Critical, 1105));

        _network.Look(l => l.Apply(_transaction.Envelope)).Refusal.ShouldBeNull();
        (await driving).Outcome.ShouldBe(SubmissionOutcome.Succeeded);
        _network.Submitted.Count.ShouldBe(1);
        PaidOnce();
    }

    [Fact]
    public async Task A_code_that_nobody_knows_holds_it_until_it_can_never_be_applied()
    {
        _network.Next(Answer.UnknownCode);
        var driving = DriveAsync();
        await TestWorld.UntilAsync(() => _network.AccountsAsked.Count > 0, "it was looked for");

        _network.AdvanceClock(TimeSpan.FromMinutes(6));

        (await driving).Code.ShouldBe("tx_too_late");
        _network.Submitted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Only_a_ledger_that_closed_after_its_last_moment_makes_it_too_late()
    {
        _network.Next(Answer.NeverApply);
        _network.AdvanceClock(TimeSpan.FromMinutes(6));

        var report = await DriveAsync();

        (report.Outcome, report.Code, report.Ledger).ShouldBe((SubmissionOutcome.Terminal, "tx_too_late", null));
        _network.Look(l => l.Applied.Count).ShouldBe(0);
    }

    [Fact]
    public async Task A_transaction_that_was_applied_just_before_its_last_moment_is_found_however_late()
    {
        _network.Look(l => l.Apply(_transaction.Envelope));
        _network.AdvanceClock(TimeSpan.FromHours(1));

        (await DriveAsync(sentBefore: true)).Outcome.ShouldBe(SubmissionOutcome.Succeeded);
    }

    [Fact]
    public async Task A_bad_sequence_number_is_final_only_when_the_account_has_passed_it()
    {
        _network.Look(l => l.Accounts[_transaction.Source].Sequence = 42);

        var report = await DriveAsync();

        (report.Outcome, report.Code, report.Ledger).ShouldBe((SubmissionOutcome.Terminal, "tx_bad_seq", null));
    }

    [Fact]
    public async Task A_bad_sequence_number_of_a_transaction_that_is_on_the_ledger_is_a_success()
    {
        _network.Look(l => l.Apply(_transaction.Envelope));
        _network.Next(Answer.BadSequence);

        (await DriveAsync()).Outcome.ShouldBe(SubmissionOutcome.Succeeded);

        PaidOnce();
    }

    [Fact]
    public async Task A_network_that_is_down_is_waited_for()
    {
        _network.Down = true;
        var driving = DriveAsync();
        await TestWorld.UntilAsync(() => _network.Submitted.Count > 0, "it was tried");
        _network.Down = false;

        (await driving).Outcome.ShouldBe(SubmissionOutcome.Succeeded);

        PaidOnce();
    }

    [Fact]
    public async Task Driving_ends_when_it_is_told_to_and_not_before_it_knows_or_is_told()
    {
        using var stop = new CancellationTokenSource();
        _network.Next(Answer.NeverApply, Answer.NeverApply, Answer.NeverApply, Answer.NeverApply);
        var driving = Driver().DriveAsync(_transaction, false, this, stop.Token);
        await TestWorld.UntilAsync(() => _network.Submitted.Count > 1, "it was tried again");

        driving.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(driving);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task That_a_replica_which_is_behind_does_not_find_it_is_no_proof_that_it_is_lost(bool itsTimeIsOver)
    {
        // It is on a ledger; but a replica that is behind is asked for it, and the answer to its repeat is tx_bad_seq.
        _network.Look(l => l.Apply(_transaction.Envelope)).Refusal.ShouldBeNull();
        _network.Next([.. Enumerable.Repeat(Answer.BadSequence, 100)]);
        _network.LooksAreStale = true;
        _followed = new LedgerClose(1, DateTimeOffset.UnixEpoch);
        _network.AdvanceClock(itsTimeIsOver ? TimeSpan.FromHours(1) : TimeSpan.Zero);

        var driving = DriveAsync(sentBefore: true);
        await TestWorld.UntilAsync(() => _watermarkAsked >= 2, "it has been tempted twice");
        driving.IsCompleted.ShouldBeFalse();
        _network.LooksAreStale = false;

        (await driving).Outcome.ShouldBe(SubmissionOutcome.Succeeded);
        PaidOnce();
    }

    private void PaidOnce() =>
        _network.Look(l => l.Accounts[_payee].Native).ShouldBe(200);

    void ISubmissionWatch.Answered(SubmissionReport report) => _answered++;

    Task ISubmissionWatch.AcknowledgedAsync(SubmissionReport report)
    {
        _acknowledged++;
        return Task.CompletedTask;
    }

    private SubmissionDriver Driver() => new(
        _network, new NetworkClock(_network, TimeProvider.System), new LedgerSight(this),
        new PaymentGate(new MemoryNetworkHalts(), TimeProvider.System, NullLogger<PaymentGate>.Instance), TimeProvider.System, Settings,
        _log);

    private Task<SubmissionReport> DriveAsync(SignedTransaction? transaction = null, bool sentBefore = false) =>
        Driver().DriveAsync(transaction ?? _transaction, sentBefore, this, TestContext.Current.CancellationToken);

    // A fee-bump that the payer himself pays for.
    private SignedTransaction BumpOf(SignedTransaction inner, long fee)
    {
        var factory = new TransactionFactory(Settings);
        var v1 = (TransactionV1Envelope)TransactionEnvelope.FromXdrBase64(inner.Envelope);
        var (envelope, hash) = factory.FeeBump(v1, inner.Source, fee);
        return inner with
        {
            Envelope = ((TransactionEnvelope)envelope.AddSignature(OnNetwork, _payer)).ToXdrBase64(),
            Hash = Convert.ToHexStringLower(hash),
            InnerHash = inner.Hash,
        };
    }

    private SignedTransaction Build(string source, long sequence, long stroops)
    {
        var factory = new TransactionFactory(Settings);
        var maxTime = TimeProvider.System.GetUtcNow().AddMinutes(5);
        var unsigned = factory.Build(new TransactionOrder(
            source, sequence, [TransactionFactory.Payment(_payee, Money.Asset.Native.Canonical, stroops)], Stellar.Xdr.Memo.None, maxTime));
        var envelope = unsigned.Envelope.AddSignature(OnNetwork, _payer);
        return new SignedTransaction(
            source, ((TransactionEnvelope)envelope).ToXdrBase64(), unsigned.HashText,
            sequence, maxTime);
    }

    private sealed class EventLog : ILogger<SubmissionDriver>
    {
        public ConcurrentBag<(LogLevel Level, int Event)> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Add((logLevel, eventId.Id));
    }

    // The inbox of a follower that has read all that the network shows, or only as far as the test says.
    private sealed class LedgerSight(SubmissionDriverTests test) : OutcomesOnly
    {
        public override Task<OutcomeView> FindOutcomeAsync(
            string source, IReadOnlyCollection<string> hashes, CancellationToken cancellationToken)
        {
            test._watermarkAsked++;
            var mark = test._followed ?? test._network.Look(l => new LedgerClose(l.Sequence, l.ClosedAt));
            var outcome = test._network.Look(l => l.Outcomes.Find(o => hashes.Contains(o.LookUpHash) && o.Ledger <= mark.Sequence));
            return Task.FromResult(new OutcomeView(mark, outcome, InDoubt: false));
        }
    }
}
