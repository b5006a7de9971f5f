using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Refunds;

/// <summary>Whether payers can be paid back is asked of the network so often a minute and merchant, and not again and again.</summary>
public sealed class RefundPayersTests
{
    private const int Most = 50;

    private readonly TestClock _time = new();
    private readonly FakeNetwork _network = new();
    private readonly RefundPayers _payers;

    public RefundPayersTests() => _payers = new RefundPayers(
        _network, new QuestionBudget(Options.Create(new NetworkOptions { QuestionsPerMerchant = Most }), _time),
        new MemoryPayees(new MemoryStorage()), Options.Create(new RefundOptions()), _time);

    [Fact]
    public async Task Why_somebody_cannot_be_paid_is_remembered_for_half_a_minute_and_that_he_can_is_not()
    {
        var (gone, there) = (FakeNetwork.NewAddress(), _network.NewOutsider());
        for (var call = 0; call < 3; call++)
        {
            (await CodesAsync("mer_a", gone, there)).ShouldBe(["refund_destination_unusable", null]);
        }

        Asked(gone).ShouldBe(1);
        Asked(there).ShouldBe(3);

        _time.Advance(TimeSpan.FromSeconds(30));
        await CodesAsync("mer_a", gone);
        Asked(gone).ShouldBe(2);
    }

    [Fact]
    public async Task A_merchant_who_asked_too_much_is_told_so_and_no_other_notices()
    {
        var payers = Enumerable.Range(0, Most).Select(_ => _network.NewOutsider()).ToArray();
        (await CodesAsync("mer_a", payers)).ShouldAllBe(code => code == null);

        (await CodesAsync("mer_a", payers[0])).ShouldBe(["too_many_questions"]);
        (await CodesAsync("mer_b", payers[0])).ShouldBe([null]);
        _network.AccountsAsked.Count.ShouldBe(Most + 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await CodesAsync("mer_a", payers[0])).ShouldBe([null]);
    }

    [Fact]
    public async Task Who_is_not_named_is_not_paid_where_he_paid_from_and_that_keeps_nobody_who_is_from_it()
    {
        var payer = _network.NewOutsider();
        var muxed = new MuxedAccount(AccountId.Parse(payer), 7).ToString();

        (await CodesAsync("mer_a", new RefundPayee(payer, IsUnnamed: true), new RefundPayee(payer))).ShouldBe(["refund_address_required", null]);
        (await CodesAsync("mer_a", new RefundPayee(payer, new RefundMemo("id", "7")), new RefundPayee(muxed, IsUnnamed: true)))
            .ShouldBe([null, null], "there he is named");
    }

    [Fact]
    public async Task A_payer_who_has_not_said_that_the_account_is_his_own_is_paid_where_it_names_him_alone()
    {
        var payer = _network.NewOutsider();
        var muxed = new MuxedAccount(AccountId.Parse(payer), 7).ToString();

        (await CodesAsync("mer_a", new RefundPayee(payer, IsUnconfirmed: true), new RefundPayee(muxed, IsUnconfirmed: true), new RefundPayee(payer)))
            .ShouldBe(["refund_account_unconfirmed", null, null]);
        Asked(payer).ShouldBe(2);
    }

    private int Asked(string payer) => _network.AccountsAsked.Count(address => address == payer);

    private Task<string?[]> CodesAsync(string merchant, params string[] payers) =>
        CodesAsync(merchant, payers.Select(payer => new RefundPayee(payer)).ToArray());

    private async Task<string?[]> CodesAsync(string merchant, params RefundPayee[] payees) =>
    [
        .. (await _payers.CheckAsync(merchant, payees, _network.Usdc, isClaimed: false, TestContext.Current.CancellationToken))
            .Select(answer => answer.Refusal?.Code),
    ];
}
