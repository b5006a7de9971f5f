using System.Text.Json;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;
using StellarPay.Sandbox;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Tests.Horizon;

/// <summary>An issuer's word on what a holder may do moves nothing, and its holder hears it.</summary>
public sealed class TrustlineFlagsTests
{
    private static readonly string Issuer = NewAddress();
    private static readonly string Holder = NewAddress();

    [Theory]
    [InlineData("set_trust_line_flags", "\"clear_flags\":[1],\"clear_flags_s\":[\"authorized\"]", false)]
    [InlineData("set_trust_line_flags", "\"set_flags\":[1],\"set_flags_s\":[\"authorized\"]", true)]
    [InlineData("set_trust_line_flags", "\"set_flags\":[1],\"clear_flags\":[2]", true)]
    [InlineData("set_trust_line_flags", "\"set_flags\":[2],\"clear_flags\":[1]", false)]
    [InlineData("set_trust_line_flags", "\"set_flags\":[2]", false)]
    [InlineData("allow_trust", "\"trustee\":\"G\",\"authorize\":true,\"authorize_to_maintain_liabilities\":false", true)]
    [InlineData("allow_trust", "\"trustee\":\"G\",\"authorize\":false,\"authorize_to_maintain_liabilities\":true", false)]
    public void Whether_a_holder_may_send_is_told_to_the_holder_alone(string type, string flags, bool authorized)
    {
        var lines = Read(type, flags, successful: true);

        lines.Unread.ShouldBeEmpty();
        var told = lines.Operations.ShouldHaveSingleItem();
        told.Trustline.ShouldBe(new LedgerTrustline(Holder, Grains.Money.Asset.Parse($"USDC:{Issuer}"), authorized));
        told.Accounts().ShouldBe([Holder]);
        told.Movements().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"clear_flags\":[4],\"clear_flags_s\":[\"clawback_enabled\"]", true)]
    [InlineData("\"clear_flags\":[2]", true)]
    [InlineData("\"clear_flags\":[1]", false)]
    public void What_changes_nothing_of_that_or_failed_is_told_to_nobody(string flags, bool successful)
    {
        var lines = Read("set_trust_line_flags", flags, successful);

        lines.Operations.ShouldBeEmpty();
        lines.Unread.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_issuer_does_on_the_sandbox_reaches_the_feed()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Port = 0, CloseInterval = TimeSpan.FromMilliseconds(50) }, cancellationToken: stop);
        using var http = new HttpClient(HorizonClient.CreateHandler());
        var horizon = new HorizonClient(http, new HorizonClientOptions { BaseUrls = [sandbox.BaseAddress] }, TimeProvider.System);
        using var issuer = SigningKey.Generate();
        using var holder = SigningKey.Generate();
        await horizon.Accounts.FundByFriendbotAsync(issuer.AccountId, stop);
        await horizon.Accounts.FundByFriendbotAsync(holder.AccountId, stop);
        var asset = Asset.Credit("GOLD", issuer.AccountId);
        await SubmitAsync(issuer, new SetOptionsOperation(
            null, null, (uint)(AccountFlags.AuthRequired | AccountFlags.AuthRevocable), null, null, null, null, null, null));
        await SubmitAsync(holder, new ChangeTrustOperation(asset, 1_000));
        const uint Authorized = (uint)TrustLineFlags.Authorized;
        await SubmitAsync(issuer, new SetTrustLineFlagsOperation(holder.AccountId, asset, ClearFlags: 0, SetFlags: Authorized));
        await SubmitAsync(issuer, new SetTrustLineFlagsOperation(holder.AccountId, asset, ClearFlags: Authorized, SetFlags: 0));

        var told = new List<LedgerTrustline>();
        await foreach (var batch in new HorizonFeed(horizon, TimeProvider.System).ReadAsync(0, stop))
        {
            told.AddRange(batch.Operations.Select(operation => operation.Trustline).OfType<LedgerTrustline>());
            if (told.Count == 2)
            {
                break;
            }
        }

        told.ShouldBe([Of(true), Of(false)]);
        (await horizon.Accounts.GetAsync(holder.AccountId, stop))!.Balance(asset)!.LastModifiedLedger.ShouldNotBeNull();

        LedgerTrustline Of(bool authorized) =>
            new(holder.AccountId.ToString(), Grains.Money.Asset.Parse(asset.ToString()), authorized);

        async Task SubmitAsync(SigningKey source, OperationBody operation)
        {
            var sequence = (await horizon.Accounts.GetAsync(source.AccountId, stop))!.Sequence;
            var transaction = new TransactionBuilder(source.AccountId, sequence + 1).WithoutTimeBounds().Add(operation).Build();
            (await horizon.Transactions.SubmitAsync(
                transaction.Sign(new StellarNetwork(SandboxOptions.StandalonePassphrase), source), stop))
                .Outcome.ShouldBe(SubmitOutcome.Succeeded);
        }
    }

    private static LedgerLines Read(string type, string flags, bool successful)
    {
        using var json = JsonDocument.Parse($$"""
            {"id":"12884905985","paging_token":"12884905985","transaction_hash":"{{new string('a', 64)}}","transaction_successful":{{(successful ? "true" : "false")}},
            "source_account":"{{Issuer}}","type":"{{type}}","created_at":"2026-01-02T03:04:05Z","asset_type":"credit_alphanum4",
            "asset_code":"USDC","asset_issuer":"{{Issuer}}","trustor":"{{Holder}}",{{flags}}}
            """);
        var lines = new LedgerLines();
        lines.Add(OperationLine.Read(json.RootElement.Clone()));
        return lines;
    }

    private static string NewAddress()
    {
        using var key = SigningKey.Generate();
        return key.AccountId.ToString();
    }
}
