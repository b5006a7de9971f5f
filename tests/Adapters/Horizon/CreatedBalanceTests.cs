using System.Text.Json;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Keys;

namespace StellarPay.Adapters.Tests.Horizon;

/// <summary>From when on claimants may have what was set aside, as its creation says.</summary>
public sealed class CreatedBalanceTests
{
    private static readonly DateTimeOffset ClosedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void What_is_set_aside_says_from_when_on_each_may_claim_it()
    {
        var created = Read(
            """{"unconditional":true}""",
            """{"not":{"rel_before":"60"}}""",
            """{"not":{"abs_before":"2026-01-03T00:00:00Z","abs_before_epoch":"1767398400"}}""",
            """{"abs_before":"2026-01-01T00:00:00Z","abs_before_epoch":"1767225600"}""",
            """{"not":{"abs_before":"292277026596-12-04T15:30:07Z","abs_before_epoch":"9223372036854775807"}}""");

        created.ClaimableFrom.ShouldBe([ClosedAt, ClosedAt.AddSeconds(60), new(2026, 1, 3, 0, 0, 0, TimeSpan.Zero), null, null]);
        created.Claimants!.Length.ShouldBe(5);
    }

    [Fact]
    public void Where_one_of_them_cannot_be_read_nothing_is_said_and_the_balance_is_looked_at()
    {
        var created = Read("""{"unconditional":true}""", """{"of_a_later_protocol":"1"}""");

        created.ClaimableFrom.ShouldBeNull();
        created.Claimants!.Length.ShouldBe(2);
    }

    private static LedgerOperation Read(params string[] predicates)
    {
        using var json = JsonDocument.Parse($$"""
            {"id":"12884905985","paging_token":"12884905985","transaction_hash":"{{new string('a', 64)}}","transaction_successful":true,
            "source_account":"{{Address()}}","type":"create_claimable_balance","created_at":"2026-01-02T03:04:05Z","asset":"native",
            "amount":"1.0000000","claimants":[{{string.Join(',', predicates.Select(p => $$"""{"destination":"{{Address()}}","predicate":{{p}}}"""))}}]}
            """);
        var lines = new LedgerLines();
        lines.Add(OperationLine.Read(json.RootElement.Clone()));
        lines.Unread.ShouldBeEmpty();
        return lines.Operations.ShouldHaveSingleItem();
    }

    private static string Address()
    {
        using var key = SigningKey.Generate();
        return key.AccountId.ToString();
    }
}
