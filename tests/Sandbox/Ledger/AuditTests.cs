using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

public sealed class AuditTests
{
    private const int Ledgers = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_random_load_every_balance_follows_from_the_applied_operations_alone(int seed)
    {
        var ledger = new TestLedger();
        var load = new RandomLoad(ledger, seed);
        load.Prepare();
        for (var i = 0; i < Ledgers; i++)
        {
            load.CloseOne();
        }

        var auditor = new Auditor(ledger.Id("root"), ledger.State.Header.TotalCoins);
        foreach (var applied in ledger.History)
        {
            auditor.Note(applied);
        }

        auditor.Disagreements(ledger.State).ShouldBeEmpty();
        LoadWasWorthIt(ledger);
    }

    [Fact]
    public void An_auditor_notices_a_stroop_too_many()
    {
        var ledger = new TestLedger().Create("alice");
        var auditor = new Auditor(ledger.Id("root"), ledger.State.Header.TotalCoins);
        foreach (var applied in ledger.History)
        {
            auditor.Note(applied);
        }

        var alice = ledger.Account("alice");
        ledger.State.Put(alice with { Balance = alice.Balance + 1 });

        auditor.Disagreements(ledger.State)
            .ShouldBe([$"{alice.Id} has other lumens than {alice.Balance}"]);
        LedgerInvariants.Violations(ledger.State).ShouldHaveSingleItem().ShouldStartWith("there are ");
    }

    [Fact]
    public void Entries_after_random_load_survive_their_xdr()
    {
        var ledger = new TestLedger();
        var load = new RandomLoad(ledger, 4);
        load.Prepare();
        for (var i = 0; i < Ledgers / 3; i++)
        {
            load.CloseOne();
        }

        LedgerObject[] entries =
        [
            .. ledger.State.Accounts,
            .. ledger.State.TrustLines,
            .. ledger.State.Offers,
            .. ledger.State.Data,
            .. ledger.State.ClaimableBalances,
        ];
        foreach (var entry in entries)
        {
            EntryReader.From(LedgerEntry.FromXdr(EntryXdr.Of(entry).ToXdr())).ShouldBe(entry);
        }

        HeaderXdr.From(HeaderXdr.Of(ledger.State.Header)).ShouldBe(ledger.State.Header);
    }

    [Fact]
    public void Two_ledgers_with_the_same_transactions_have_the_same_hash()
    {
        var (one, two) = (new TestLedger(), new TestLedger());
        var (first, second) = (new RandomLoad(one, 5), new RandomLoad(two, 5));
        first.Prepare();
        second.Prepare();
        for (var i = 0; i < Ledgers / 10; i++)
        {
            first.CloseOne().Hash.ShouldBe(second.CloseOne().Hash);
        }
    }

    /// <summary>A load in which nothing succeeds would prove nothing.</summary>
    private static void LoadWasWorthIt(TestLedger ledger)
    {
        var successes = ledger.History.Where(applied => applied.IsSuccess).ToList();
        successes.Count.ShouldBeGreaterThan(100);
        successes.SelectMany(applied => applied.OperationResults)
            .Select(result => result.Inner)
            .OfType<ManageSellOfferResult>()
            .Count(result => result.Success!.Claimed.Count > 0)
            .ShouldBeGreaterThan(5);
        ledger.History.Count(applied => !applied.IsSuccess).ShouldBeGreaterThan(50);
        ledger.History.ShouldNotContain(applied => applied.Result.Code == TransactionResultCode.InternalError);
    }
}
