using System.Text.Json;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Tests.Horizon;

/// <summary>Each type of operation there is, from Horizon's JSON to what wallets take in.</summary>
public sealed class OperationTypeTests
{
    private const string A = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";
    private const string B = "GAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QZ6Q";
    private const string Balance = "00000000240eca11c3efcd5e6cdeed8d090ea25d45fe0871caeb4d8d205dc0b8634f1b38";
    private const string Of = "\"asset_type\":\"native\",\"amount\":\"1.0000000\"";

    [Fact]
    public void A_claimable_balance_that_its_issuer_takes_back_names_the_balance_so_that_its_creator_hears_of_it()
    {
        // As ClaimTests hands it to wallets.
        var clawback = Read("clawback_claimable_balance", $"\"balance_id\":\"{Balance}\"").ShouldHaveSingleItem();
        (clawback.Type, clawback.BalanceId, clawback.Claimants, clawback.Amount, clawback.Successful)
            .ShouldBe(("clawback_claimable_balance", Balance, null, null, true));

        var claim = Read("claim_claimable_balance", $"\"balance_id\":\"{Balance}\",\"claimant\":\"{B}\"").ShouldHaveSingleItem();
        (claim.BalanceId, claim.To).ShouldBe((Balance, B));
    }

    [Fact]
    public void Of_no_type_of_operation_it_is_forgotten_what_it_moves()
    {
        foreach (var type in Enum.GetValues<OperationType>().Select(NameOf))
        {
            var lines = Lines(type, FieldsOf(type));
            var movesNothing = type is "change_trust" or "set_options" or "manage_data" or "bump_sequence" or "revoke_sponsorship"
                or "begin_sponsoring_future_reserves" or "end_sponsoring_future_reserves" or "extend_footprint_ttl" or "restore_footprint";
            (lines.Operations.Count + lines.Unread.Count).ShouldBe(movesNothing ? 0 : 1, type);
            foreach (var operation in lines.Operations)
            {
                object?[] told = [operation.Amount, operation.BalanceId, operation.Trustline, operation.Transfers, MergedOf(operation)];
                told.ShouldContain(one => one != null, type);
            }
        }
    }

    // How much a merge moved its transaction's result says, which these have not.
    private static object? MergedOf(LedgerOperation operation) => operation.Type == "account_merge" ? operation.To : null;

    private static string NameOf(OperationType type) =>
        string.Concat(type.ToString().Select((letter, at) => char.IsUpper(letter) && at > 0 ? $"_{letter}" : $"{letter}")).ToLowerInvariant();

    private static string FieldsOf(string type) => type switch
    {
        "create_account" => $"\"funder\":\"{A}\",\"account\":\"{B}\",\"starting_balance\":\"1.0000000\"",
        "payment" or "clawback" => $"\"from\":\"{A}\",\"to\":\"{B}\",{Of}",
        "path_payment_strict_receive" or "path_payment_strict_send" =>
            $"\"from\":\"{A}\",\"to\":\"{B}\",{Of},\"source_asset_type\":\"native\",\"source_amount\":\"1.0000000\"",
        "account_merge" => $"\"account\":\"{A}\",\"into\":\"{B}\"",
        "create_claimable_balance" =>
            $"\"asset\":\"native\",\"amount\":\"1.0000000\",\"claimants\":[{{\"destination\":\"{B}\",\"predicate\":{{\"unconditional\":true}}}}]",
        "claim_claimable_balance" => $"\"balance_id\":\"{Balance}\",\"claimant\":\"{B}\"",
        "clawback_claimable_balance" => $"\"balance_id\":\"{Balance}\"",
        "allow_trust" => $"\"trustor\":\"{B}\",\"authorize\":true,\"asset_type\":\"credit_alphanum4\",\"asset_code\":\"USDC\",\"asset_issuer\":\"{A}\"",
        "set_trust_line_flags" =>
            $"\"trustor\":\"{B}\",\"set_flags\":[1],\"asset_type\":\"credit_alphanum4\",\"asset_code\":\"USDC\",\"asset_issuer\":\"{A}\"",
        "invoke_host_function" => $"\"asset_balance_changes\":[{{\"type\":\"transfer\",\"from\":\"{A}\",\"to\":\"{B}\",{Of}}}]",
        _ => $"\"name\":\"{B}\"",
    };

    private static IReadOnlyList<LedgerOperation> Read(string type, string fields)
    {
        var lines = Lines(type, fields);
        lines.Unread.ShouldBeEmpty();
        return lines.Operations;
    }

    private static LedgerLines Lines(string type, string fields)
    {
        using var json = JsonDocument.Parse($$"""
            {"id":"12884905985","paging_token":"12884905985","transaction_hash":"{{new string('a', 64)}}","transaction_successful":true,
            "source_account":"{{A}}","type":"{{type}}","created_at":"2026-01-02T03:04:05Z",{{fields}}}
            """);
        var lines = new LedgerLines();
        lines.Add(OperationLine.Read(json.RootElement.Clone()));
        return lines;
    }
}
