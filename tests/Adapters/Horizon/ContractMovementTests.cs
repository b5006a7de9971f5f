using System.Text.Json;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Tests.Horizon;

/// <summary>What is made of a contract call, in which a stranger puts what he likes beside what concerns us.</summary>
public sealed class ContractMovementTests
{
    private const string Contract = "CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA";
    private const string Native = "\"asset_type\":\"native\"";
    private const string Widest = "17014118346046923173168730371588.4105727";
    private static readonly string Payer = NewAddress();
    private static readonly string Payee = NewAddress();
    private static readonly string Other = NewAddress();
    private static readonly string Issuer = NewAddress();

    private static string FiveXlm => Change("transfer", Payer, Payee, "5.0000000", Native);

    // The bug kept away: one movement of more than 64 bits between two contracts made the whole call unreadable, and the
    // five XLM beside it were parked instead of booked.
    [Fact]
    public void An_amount_of_128_bits_between_contracts_concerns_nobody_and_hides_nothing()
    {
        var (operations, unread) = Read(Change("transfer", Contract, Contract, Widest, Credit), FiveXlm);

        unread.ShouldBeEmpty();
        var moved = operations.ShouldHaveSingleItem().Split().ShouldHaveSingleItem();
        (moved.From, moved.To, moved.Amount!.Value.Stroops).ShouldBe((Payer, Payee, 50_000_000));
    }

    [Theory]
    [InlineData(Widest)]
    [InlineData("922337203685.4775808")]
    [InlineData("-0.0000001")]
    public void An_amount_that_no_account_can_hold_is_kept_for_those_it_names_and_for_nobody_else(string amount)
    {
        var (operations, unread) = Read(FiveXlm, Change("transfer", Contract, Other, amount, Credit));

        operations.Single().Split().ShouldHaveSingleItem().To.ShouldBe(Payee);
        var kept = unread.ShouldHaveSingleItem();
        kept.Accounts.ShouldBe([Other, Issuer], ignoreOrder: true);
        (kept.Kind, kept.PagingToken, kept.Number).ShouldBe((UnreadKind.Unreadable, operations[0].PagingToken, 1));
        kept.Problem.ShouldContain("is none that an account can make or get");
        kept.Raw.ShouldContain(amount);
        kept.Raw.ShouldNotContain(Payee);
        Feed.ReadAgain(kept.Raw).ShouldBeNull();
    }

    [Theory]
    [InlineData("\"type\":\"teleport\",\"from\":\"{0}\",\"to\":\"{1}\",\"amount\":\"1.0000000\",\"asset_type\":\"native\"")]
    [InlineData("\"type\":\"transfer\",\"to\":\"{1}\",\"note\":\"{0}\",\"amount\":\"1.0000000\",\"asset_type\":\"native\"")]
    [InlineData("\"type\":\"transfer\",\"from\":\"{0}\",\"to\":\"{1}\",\"amount\":{{\"hi\":1}},\"asset_type\":\"native\"")]
    [InlineData("\"type\":\"transfer\",\"from\":\"{0}\",\"to\":\"{1}\",\"amount\":\"1e3\",\"asset_type\":\"native\"")]
    [InlineData("\"type\":\"transfer\",\"from\":\"{0}\",\"to\":\"{1}\",\"amount\":\"1.0000000\",\"asset_type\":\"shares\"")]
    public void An_effect_that_is_not_known_hides_none_that_is_and_can_be_read_again_by_itself(string unknown)
    {
        var (operations, unread) = Read("{" + Filled(unknown) + "}", FiveXlm);

        operations.Single().Split().ShouldHaveSingleItem().To.ShouldBe(Payee);
        var kept = unread.ShouldHaveSingleItem();
        kept.Accounts.ShouldBe([Other]);
        kept.Number.ShouldBe(1);
        kept.Raw.ShouldNotContain(Payee);

        string Filled(string template) => template.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal)
            .Replace("{0}", Contract, StringComparison.Ordinal).Replace("{1}", Other, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_understood_at_last_is_that_one_movement_and_not_the_rest_a_second_time()
    {
        var (_, unread) = Read(Change("teleport", Payer, Other, "1.0000000", Native), FiveXlm);

        var read = Feed.ReadAgain(unread.Single().Raw.Replace("teleport", "transfer", StringComparison.Ordinal));

        var moved = read.ShouldNotBeNull().ShouldHaveSingleItem();
        (moved.From, moved.To, moved.Amount!.Value.Stroops, moved.Transfers).ShouldBe((Payer, Other, 10_000_000, null));
    }

    [Theory]
    [InlineData("\"destination_muxed_id\":\"18446744073709551615\"", ulong.MaxValue)]
    [InlineData("\"destination_muxed_id\":\"7\",\"destination_muxed_id_type\":\"uint64\"", 7ul)]
    [InlineData("\"destination_muxed_id\":7", 7ul)]
    public void The_muxed_id_of_a_transfer_names_who_is_meant(string id, ulong expected)
    {
        var (operations, _) = Read(Change("transfer", Payer, Payee, "5.0000000", Native + "," + id));

        var moved = operations.Single().Split().Single();
        (moved.To, moved.ToMuxed).ShouldBe((Payee, new MuxedAccount(AccountId.Parse(Payee), expected).ToString()));
    }

    [Fact]
    public void An_id_that_is_a_text_is_no_part_of_an_address_and_loses_no_money()
    {
        var (operations, unread) = Read(Change(
            "transfer", Payer, Payee, "5.0000000", Native + ",\"destination_muxed_id\":\"invoice\",\"destination_muxed_id_type\":\"string\""));

        unread.ShouldBeEmpty();
        operations.Single().Split().Single().ToMuxed.ShouldBeNull();
    }

    [Fact]
    public void Minting_and_burning_have_one_side_and_an_M_address_is_its_account()
    {
        var muxed = new MuxedAccount(AccountId.Parse(Payee), 9).ToString();
        var (operations, unread) = Read(
            Change("mint", null, muxed, "1.0000000", Credit), Change("burn", Payer, null, "2.0000000", Credit),
            Change("clawback", Other, null, "3.0000000", Credit));

        unread.ShouldBeEmpty();
        operations.Single().Split().Select(m => (m.From, m.To, m.ToMuxed, m.Amount!.Value.Stroops)).ShouldBe(
        [
            (null, Payee, muxed, 10_000_000), (Payer, null, null, 20_000_000), (Other, null, null, 30_000_000),
        ]);
    }

    [Fact]
    public void A_call_that_failed_moved_nothing_and_is_kept_for_nobody()
    {
        var lines = new LedgerLines();
        lines.Add(Line(successful: false, Change("teleport", Payer, Other, "1.0000000", Native)));

        lines.Unread.ShouldBeEmpty();
        lines.Operations.SelectMany(o => o.Movements()).ShouldBeEmpty();
    }

    private static HorizonFeed Feed => new(
        new HorizonClient(new HttpClient(), new HorizonClientOptions { BaseUrls = [new Uri("http://nowhere.example")] }, TimeProvider.System),
        TimeProvider.System);

    private static string Credit => $"\"asset_type\":\"credit_alphanum4\",\"asset_code\":\"USDC\",\"asset_issuer\":\"{Issuer}\"";

    private static string NewAddress()
    {
        using var key = SigningKey.Generate();
        return key.AccountId.ToString();
    }

    private static string Change(string type, string? from, string? to, string amount, string rest) =>
        $$"""{"type":"{{type}}",{{Party("from", from)}}{{Party("to", to)}}"amount":"{{amount}}",{{rest}}}""";

    private static string Party(string name, string? party) => party is null ? "" : $"\"{name}\":\"{party}\",";

    private static OperationLine Line(bool successful, params string[] changes)
    {
        using var json = JsonDocument.Parse($$"""
            {"id":"12884905985","paging_token":"12884905985","transaction_hash":"{{new string('a', 64)}}","transaction_successful":{{(successful ? "true" : "false")}},
            "source_account":"{{Payer}}","type":"invoke_host_function","created_at":"2026-01-02T03:04:05Z",
            "function":"HostFunctionTypeHostFunctionTypeInvokeContract","asset_balance_changes":[{{string.Join(',', changes)}}]}
            """);
        return OperationLine.Read(json.RootElement.Clone());
    }

    private static (IReadOnlyList<LedgerOperation> Operations, IReadOnlyList<UnreadOperation> Unread) Read(params string[] changes)
    {
        var lines = new LedgerLines();
        lines.Add(Line(successful: true, changes));
        return (lines.Operations, lines.Unread);
    }
}
