using System.Text.Json;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>What a wallet tells the sessions that it pays: of all that was told the end is told, once.</summary>
public sealed class SessionTidingsTests
{
    private const string Session = "pay_of_somebody";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly WalletState _state = new() { Owner = "usr_1", Address = FakeNetwork.NewAddress() };
    private readonly WalletBook _book;
    private int _signed;

    public SessionTidingsTests() => _book = new WalletBook(_state, new WalletEvents("wal_1", _state, [], new TestClock()));

    [Theory]
    [InlineData("cancelled")]
    [InlineData("denied")]
    [InlineData("too late")]
    public void What_waits_to_be_signed_anew_and_ends_otherwise_is_told_of(string end)
    {
        var payment = New();
        Sign(payment);
        Refuse("tx_bad_seq");
        payment.Status.ShouldBe(PaymentStatus.Queued);
        Told().ShouldBe(["signed 1", "again 1"]);

        switch (end)
        {
            case "cancelled":
                _book.Payments.Cancel(payment, Noon);
                break;
            case "denied":
                _book.Payments.Deny(payment, "wallet_frozen", Noon);
                break;
            default:
                payment.NotAfter = Noon;
                _book.Payments.ExpireQuotes(Noon);
                break;
        }

        Told().ShouldBe(["ended 1"]);
        Told().ShouldBeEmpty();
    }

    [Fact]
    public void What_is_signed_anew_says_what_it_replaces()
    {
        var payment = New();
        Sign(payment);
        Refuse("tx_bad_seq");
        Sign(payment);

        Told().ShouldBe(["signed 1", "again 1", "signed 2 for 1"]);
        Refuse("op_no_trust", 1, "op_no_trust");
        Told().ShouldBe(["ended 2"]);
    }

    [Fact]
    public void Where_one_of_two_fails_the_other_is_signed_anew_and_the_end_is_that_of_both()
    {
        var (fails, waits) = (New(), New());
        Sign(fails, waits);
        Refuse("op_no_trust", 1, "op_no_trust", "op_success");
        (fails.Status, waits.Status).ShouldBe((PaymentStatus.Failed, PaymentStatus.Queued));
        Told().ShouldBe(["signed 1", "again 1"]);

        _book.Payments.Cancel(waits, Noon);

        Told().ShouldBe(["ended 1"]);
    }

    [Fact]
    public void What_fails_together_ends_once()
    {
        Sign(New(), New());

        Refuse("op_no_trust", 1, "op_no_trust", "op_no_trust");

        Told().ShouldBe(["signed 1", "ended 1"]);
    }

    [Fact]
    public void What_is_on_a_ledger_and_what_was_never_signed_is_told_no_end_of()
    {
        var (lands, never) = (New(), New());
        Sign(lands);
        _book.Submissions.Land(1, "h", Noon);
        _book.Payments.Cancel(never, Noon);

        Told().ShouldBe(["signed 1"]);
    }

    private PaymentRecord New()
    {
        var payment = new PaymentRecord
        {
            Id = PaymentId.New(TimeProvider.System).Value, Asset = "native", Stroops = 50_000_000, CreatedAt = Noon,
            Status = PaymentStatus.Queued, Session = Session,
        };
        _state.Payments.Add(payment);
        return payment;
    }

    private void Sign(params PaymentRecord[] payments) => _book.Submissions.Sign(new Submission
    {
        InnerHash = $"{++_signed}",
        Hashes = [$"outer {_signed}"],
        SequenceNumber = 7,
        Operations = [.. payments.Select(p => new SubmittedOperation(p.Id))],
    });

    private void Refuse(string code, long? ledger = null, params string[] operations) => _book.Submissions.Refuse(
        new SubmissionReport(SubmissionOutcome.Terminal, code, ledger, OperationCodes: operations.Length == 0 ? null : operations), Noon);

    // What the write tells that would be now.
    private string[] Told()
    {
        _book.Prune(Noon);
        var sent = ((IInboxState)_state).Marks().Sent;
        string[] said = [.. sent.Select(row => Say(row.Content))];
        sent.Clear();
        return said;
    }

    private static string Say(JsonElement content) =>
        content.TryGetProperty("signedHash", out var hash)
            ? content.TryGetProperty("replaced", out var replaced) && replaced.ValueKind == JsonValueKind.Array
                ? $"signed {hash} for {string.Join(", ", replaced.EnumerateArray())}"
                : $"signed {hash}"
        : content.TryGetProperty("again", out var again) && again.GetBoolean() ? $"again {content.GetProperty("endedHash")}"
        : $"ended {content.GetProperty("endedHash")}";
}
