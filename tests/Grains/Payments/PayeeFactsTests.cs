using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Payments;

/// <summary>A payee that was asked for is known for a moment, and only to accept.</summary>
public sealed class PayeeFactsTests
{
    private static readonly string Payee = FakeNetwork.NewAddress();
    private static readonly NetworkAccount Account = new(1, 100, 0, [], MemoRequired: false);

    private readonly TestClock _time = new();
    private readonly NetworkClock _clock;
    private readonly PayeeFacts _facts;

    public PayeeFactsTests()
    {
        _clock = new NetworkClock(new FakeNetwork(), _time);
        _facts = new PayeeFacts(_clock, _time);
        _facts.Keep(Payee, Account, _time.GetTimestamp());
    }

    private static QuoteTerms Terms { get; } = new(Payee, Payee, Asset.Native, 5, Memo: null);

    [Fact]
    public void It_is_known_as_long_as_a_ledger_takes()
    {
        _time.Advance(TimeSpan.FromSeconds(4.9));
        _facts.Find(Terms).ShouldBe(Account);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        _facts.Find(Terms).ShouldBeNull();
    }

    [Fact]
    public async Task It_is_known_no_longer_when_a_newer_ledger_is()
    {
        await _clock.GetAsync(TestContext.Current.CancellationToken);

        _facts.Find(Terms).ShouldBeNull();
    }

    [Fact]
    public void What_would_refuse_is_asked_for_anew()
    {
        _facts.Find(Terms with { Stroops = long.MaxValue }).ShouldBeNull();
        _facts.Find(Terms with { Asset = Asset.Parse($"USDC:{Payee}") }).ShouldBeNull();
        _facts.Find(Terms with { Destination = FakeNetwork.NewAddress() }).ShouldBeNull();
    }

    [Fact]
    public void Of_many_payees_some_are_forgotten()
    {
        for (var payee = 0; payee < 10_000; payee++)
        {
            _facts.Keep($"{payee}", Account, _time.GetTimestamp());
        }

        _facts.Find(Terms).ShouldBeNull();
    }
}
