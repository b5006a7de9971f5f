using System.Net;
using StellarPay.Stellar.Sep29;
using StellarPay.Stellar.Tests.Horizon;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Sep29;

public sealed class MemoRequirementTests : HorizonTest
{
    [Fact]
    public async Task Destinations_that_ask_for_a_memo_are_found_once_each()
    {
        Handler.Answer(HttpStatusCode.OK, Account(A, "\"config.memo_required\":\"MQ==\""))
            .Answer(HttpStatusCode.OK, Account(B, "\"config.memo_required\":\"MA==\""))
            .Answer(HttpStatusCode.NotFound, "{}");
        var transaction = Builder()
            .Add(new PaymentOperation(AccountId.Parse(A), Asset.Native, 1))
            .Add(new PathPaymentStrictSendOperation(Asset.Native, 1, AccountId.Parse(A), Asset.Native, 1, []))
            .Add(new PathPaymentStrictReceiveOperation(Asset.Native, 1, AccountId.Parse(B), Asset.Native, 1, []))
            .Add(new AccountMergeOperation(AccountId.Parse(Issuer)))
            .Build();
        (await MemoRequirement.FindMissingMemosAsync(transaction, Client(), Cancelled)).ShouldBe([AccountId.Parse(A)]);
        Handler.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_memo_or_a_muxed_destination_is_enough()
    {
        var payment = new PaymentOperation(AccountId.Parse(A), Asset.Native, 1);
        var withMemo = Builder().WithMemo(new MemoText("x")).Add(payment).Build();
        (await MemoRequirement.FindMissingMemosAsync(withMemo, Client(), Cancelled)).ShouldBeEmpty();
        var muxed = Builder().Add(payment with { Destination = new MuxedAccount(AccountId.Parse(A), 0) }).Build();
        (await MemoRequirement.FindMissingMemosAsync(muxed, Client(), Cancelled)).ShouldBeEmpty();
        Handler.Requests.ShouldBeEmpty();
    }

    private static TransactionBuilder Builder() =>
        new TransactionBuilder(AccountId.Parse(B), 1).WithTimeBounds(new TimeBounds(0, 1));

    private static string Account(string id, string data) =>
        $"{{\"account_id\":\"{id}\",\"sequence\":\"1\",\"balances\":[],\"signers\":[],\"paging_token\":\"\",\"data\":{{{data}}}}}";
}
