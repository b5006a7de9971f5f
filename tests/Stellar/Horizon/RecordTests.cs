using System.Net;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Horizon;

public sealed class RecordTests : HorizonTest
{
    private const string Native = "\"asset_type\":\"native\"";

    [Fact]
    public async Task A_payment_knows_its_muxed_accounts_and_its_ledger()
    {
        var payment = (await Read<PaymentRecord>(
            12884905985,
            "payment",
            $"\"from\":\"{A}\",\"from_muxed\":\"M\",\"from_muxed_id\":\"7\",\"to\":\"{B}\",\"to_muxed\":\"M\","
            + $"\"to_muxed_id\":\"18446744073709551615\",\"amount\":\"922337203685.4775807\",{Native}"));
        payment.From.ShouldBe(new MuxedAccount(AccountId.Parse(A), 7));
        payment.To.ShouldBe(new MuxedAccount(AccountId.Parse(B), ulong.MaxValue));
        payment.Asset.ShouldBe(Asset.Native);
        payment.Amount.ShouldBe(long.MaxValue);
        payment.Ledger.ShouldBe(3u);
        payment.TransactionHash.ToString().ShouldBe(HashHex);
        payment.CreatedAt.ShouldBe(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        payment.Transaction.ShouldBeNull();
    }

    [Fact]
    public async Task An_account_that_is_created_was_funded()
    {
        var created = await Read<CreateAccountRecord>(
            1, "create_account", $"\"funder\":\"{A}\",\"account\":\"{B}\",\"starting_balance\":\"10000.0000000\"");
        created.Funder.AccountId.ToString().ShouldBe(A);
        created.Account.ToString().ShouldBe(B);
        created.StartingBalance.ShouldBe(100_000_000_000);
    }

    [Theory]
    [InlineData("path_payment_strict_send", true)]
    [InlineData("path_payment_strict_receive", false)]
    public async Task A_path_payment_says_what_was_sent_and_what_arrived(string type, bool strictSend)
    {
        var payment = await Read<PathPaymentRecord>(
            1,
            type,
            $"\"from\":\"{A}\",\"to\":\"{B}\",\"amount\":\"3.0000000\",\"asset_type\":\"credit_alphanum12\","
            + $"\"asset_code\":\"LONGASSET\",\"asset_issuer\":\"{Issuer}\",\"path\":[],\"source_amount\":\"2.0000000\","
            + "\"source_max\":\"2.0000000\",\"source_asset_type\":\"native\"");
        payment.SourceAsset.ShouldBe(Asset.Native);
        payment.SourceAmount.ShouldBe(20_000_000);
        payment.Asset.ToString().ShouldBe("LONGASSET:" + Issuer);
        payment.Amount.ShouldBe(30_000_000);
        payment.StrictSend.ShouldBe(strictSend);
    }

    [Fact]
    public async Task Merges_claims_and_clawbacks_have_their_records()
    {
        var merge = await Read<AccountMergeRecord>(1, "account_merge", $"\"account\":\"{A}\",\"into\":\"{B}\"");
        merge.Into.AccountId.ToString().ShouldBe(B);
        var created = await Read<CreateClaimableBalanceRecord>(
            1,
            "create_claimable_balance",
            $"\"asset\":\"USDC:{Issuer}\",\"amount\":\"1.0000000\",\"claimants\":[{{\"destination\":\"{B}\",\"predicate\":{{}}}}]");
        created.Claimants.ShouldBe([new CreatedClaimant(AccountId.Parse(B), null)]);
        created.Asset.ToString().ShouldBe("USDC:" + Issuer);
        var later = await Read<CreateClaimableBalanceRecord>(
            1,
            "create_claimable_balance",
            "\"asset\":\"native\",\"amount\":\"1.0000000\",\"claimants\":["
            + $"{{\"destination\":\"{B}\",\"predicate\":{{\"not\":{{\"rel_before\":\"60\"}}}}}}]");
        later.Claimants.ShouldBe([new CreatedClaimant(AccountId.Parse(B), new ClaimNot(new ClaimBeforeRelativeTime(60)))]);
        var claimed = await Read<ClaimClaimableBalanceRecord>(
            1, "claim_claimable_balance", $"\"balance_id\":\"00000000{HashHex}\",\"claimant\":\"{B}\"");
        claimed.BalanceId.ShouldBe("00000000" + HashHex);
        var clawback = await Read<ClawbackRecord>(
            1,
            "clawback",
            $"\"from\":\"{A}\",\"amount\":\"1.0000000\",\"asset_type\":\"credit_alphanum4\",\"asset_code\":\"USDC\","
            + $"\"asset_issuer\":\"{Issuer}\"");
        clawback.Amount.ShouldBe(10_000_000);
    }

    [Fact]
    public async Task A_contract_call_lists_what_it_moved()
    {
        var call = await Read<InvokeHostFunctionRecord>(
            1,
            "invoke_host_function",
            "\"function\":\"HostFunctionTypeHostFunctionTypeInvokeContract\",\"asset_balance_changes\":[{"
            + $"\"type\":\"transfer\",\"from\":\"{A}\",\"to\":\"CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA\","
            + $"\"amount\":\"1.0000000\",{Native}}}]");
        call.Changes.ShouldBe([new AssetBalanceChange(
            "transfer", A, "CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA", Asset.Native, 10_000_000)]);
    }

    [Fact]
    public async Task What_a_contract_moved_is_read_in_128_bits_and_what_is_not_understood_stands_beside_it()
    {
        var call = await Read<InvokeHostFunctionRecord>(
            1,
            "invoke_host_function",
            "\"asset_balance_changes\":[{\"type\":\"fold\",\"amount\":\"1.0000000\"},"
            + $"{{\"type\":\"mint\",\"to\":\"{B}\",\"amount\":\"17014118346046923173168730371588.4105727\","
            + $"\"destination_muxed_id\":\"7\",{Native}}}]");
        call.Changes.ShouldBe([new AssetBalanceChange("mint", null, B, Asset.Native, Int128.MaxValue, ToMuxedId: 7)]);
        var unread = call.Unread.ShouldHaveSingleItem();
        unread.Json.ShouldBe("{\"type\":\"fold\",\"amount\":\"1.0000000\"}");
        unread.Problem.ShouldContain("'asset_balance_changes.type'");
    }

    [Fact]
    public async Task Any_other_operation_keeps_all_its_fields()
    {
        var other = await Read<OtherOperationRecord>(1, "manage_data", "\"name\":\"n\",\"value\":\"dg==\"");
        other.Type.ShouldBe("manage_data");
        other.Details.GetProperty("name").GetString().ShouldBe("n");
        other.Details.GetProperty("paging_token").GetString().ShouldBe("1");
    }

    [Theory]
    [InlineData("\"amount\":\"-1.0000000\"", "amount")]
    [InlineData("\"amount\":\"1e7\"", "amount")]
    [InlineData("\"amount\":12.5", null)]
    [InlineData("\"amount\":\"99999999999999.0\"", "amount")]
    public async Task An_amount_that_is_none_is_refused(string amount, string? field)
    {
        var failure = await Should.ThrowAsync<HorizonException>(
            () => Read<PaymentRecord>(1, "payment", $"\"from\":\"{A}\",\"to\":\"{B}\",{amount},{Native}"));
        failure.Message.ShouldContain(field is null ? "could not be understood" : $"The field '{field}'");
    }

    public static TheoryData<string, Memo> Memos => new()
    {
        { "\"memo_type\":\"none\"", Memo.None },
        { "\"memo_type\":\"text\",\"memo\":\"\",\"memo_bytes\":\"\"", new MemoText("") },
        { "\"memo_type\":\"text\",\"memo\":\"\ufffd\",\"memo_bytes\":\"/w==\"", new MemoText(new XdrString([0xff])) },
        { "\"memo_type\":\"text\",\"memo\":\"old\"", new MemoText("old") },
        { "\"memo_type\":\"id\",\"memo\":\"18446744073709551615\"", new MemoId(ulong.MaxValue) },
        {
            "\"memo_type\":\"hash\",\"memo\":\"JA7KEcPvzV5s3u2NCQ6iXUX+CHHK602NIF3AuGNPGzg=\"",
            new MemoHash(Hash.FromHex(HashHex))
        },
        {
            "\"memo_type\":\"return\",\"memo\":\"JA7KEcPvzV5s3u2NCQ6iXUX+CHHK602NIF3AuGNPGzg=\"",
            new MemoReturn(Hash.FromHex(HashHex))
        },
    };

    [Theory]
    [MemberData(nameof(Memos))]
    public async Task A_transaction_knows_its_memo_to_the_byte(string json, Memo expected)
    {
        Handler.Answer(HttpStatusCode.OK, OperationSamples.Transaction(json));
        var transaction = (await Client().Transactions.GetAsync(Hash.FromHex(HashHex), Cancelled)).ShouldNotBeNull();
        transaction.Memo.ShouldBe(expected);
        transaction.FeeAccount.ShouldBe(new MuxedAccount(AccountId.Parse(B), ulong.MaxValue));
        transaction.FeeCharged.ShouldBe(200);
        transaction.SourceAccountSequence.ShouldBe(42);
        Handler.Requests.ShouldBe([$"GET http://one.example/transactions/{HashHex}"]);
    }

    [Theory]
    [InlineData("\"memo_type\":\"other\"")]
    [InlineData("\"memo_type\":\"id\",\"memo\":\"18446744073709551616\"")]
    [InlineData("\"memo_type\":\"hash\",\"memo\":\"JA7K\"")]
    [InlineData("\"memo_type\":\"text\",\"memo_bytes\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"")]
    public async Task A_memo_that_is_none_is_refused(string json)
    {
        Handler.Answer(HttpStatusCode.OK, OperationSamples.Transaction(json));
        await Should.ThrowAsync<HorizonException>(() => Client().Transactions.GetAsync(Hash.FromHex(HashHex), Cancelled));
    }

    private async Task<T> Read<T>(long id, string type, string fields)
        where T : OperationRecord
    {
        Handler.Answer(HttpStatusCode.OK, $$$"""{"_embedded":{"records":[{{{OperationSamples.Operation(id, type, fields)}}}]}}""");
        var page = await Client().Operations.GetPageAsync(OperationsQuery.Network, PageQuery.First, Cancelled);
        page.NextCursor.ShouldBe(page.Records[0].PagingToken);
        return page.Records.ShouldHaveSingleItem().ShouldBeOfType<T>();
    }
}
