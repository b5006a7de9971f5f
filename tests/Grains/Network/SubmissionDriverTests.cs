using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;

namespace StellarPay.Grains.Tests.Network;

public sealed class SubmissionDriverTests : IDisposable
{
    private static readonly StellarNetwork OnNetwork = new(FakeNetwork.Passphrase);
    private readonly FakeNetwork _network = new();
    private readonly SigningKey _payer = SigningKey.Generate();
    private readonly string _payee;
    private readonly SignedTransaction _transaction;
    private int _acknowledged;

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

        _acknowledged.ShouldBe(1);
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
        var driving = Driver().DriveAsync(_transaction, false, _ => Task.CompletedTask, stop.Token);
        await TestWorld.UntilAsync(() => _network.Submitted.Count > 1, "it was tried again");

        driving.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(driving);
    }

    private void PaidOnce() =>
        _network.Look(l => l.Accounts[_payee].Native).ShouldBe(200);

    private SubmissionDriver Driver() => new(
        _network, new PaymentGate(new MemoryNetworkHalts(), TimeProvider.System, NullLogger<PaymentGate>.Instance),
        TimeProvider.System, NullLogger<SubmissionDriver>.Instance);

    private Task<SubmissionReport> DriveAsync(SignedTransaction? transaction = null, bool sentBefore = false) =>
        Driver().DriveAsync(
            transaction ?? _transaction, sentBefore,
            _ =>
            {
                _acknowledged++;
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);

    private SignedTransaction Build(string source, long sequence, long stroops)
    {
        var factory = new TransactionFactory(Options.Create(new NetworkOptions { Passphrase = FakeNetwork.Passphrase }));
        var maxTime = TimeProvider.System.GetUtcNow().AddMinutes(5);
        var unsigned = factory.Payment(new PaymentOrder(source, sequence, _payee, Asset.Native, stroops, null, maxTime));
        var envelope = unsigned.Envelope.AddSignature(OnNetwork, _payer);
        return new SignedTransaction(
            source, Convert.ToBase64String(Stellar.Xdr.XdrCodec.ToXdr<Stellar.Xdr.TransactionEnvelope>(envelope)), unsigned.HashText,
            sequence, maxTime);
    }
}
