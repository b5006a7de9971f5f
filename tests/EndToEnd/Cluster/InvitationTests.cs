using System.Text.Json;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;

namespace StellarPay.EndToEnd.Tests.Cluster;

/// <summary>Somebody is invited at one front door and comes by the other, with two silos behind them.</summary>
[Collection(typeof(SharedCluster))]
public sealed class InvitationTests(ClusterDeployment cluster)
{
    [Fact]
    public async Task Who_is_invited_signs_up_at_another_door_and_has_the_money_once()
    {
        await using var sender = await cluster.SignUpAsync("sender");
        await cluster.IssueAsync(sender, "10");
        await sender.WaitForUsdcAsync("10.0000000");
        await using var payee = new Person("payee", new ApiClient(cluster.SecondDoor));
        var order = new { recipient = payee.Email, asset = "USDC", amount = "4" };
        var asked = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => sender.Api.PostAsync("/v1/invitations", order, "invited-once")));
        var id = asked.Select(answer => answer.Required.GetProperty("id").GetString()).Distinct().ShouldHaveSingleItem()!;
        await Eventually.GetAsync(InboxAsync, data => data.GetArrayLength() == 1, "the message is sent");

        await payee.SignUpAsync();

        var paid = await Eventually.GetAsync(
            async () => (await sender.Api.GetAsync($"/v1/invitations/{id}")).Required,
            invitation => invitation.GetProperty("status").GetString() == "paid",
            "the invitation is paid");
        paid.GetProperty("payment").GetString().ShouldBe($"txn_{id[4..]}");
        (await Eventually.GetAsync(payee.GetUsdcAsync, usdc => usdc == "4.0000000", "the money comes")).ShouldBe("4.0000000");
        (await Eventually.GetAsync(sender.GetUsdcAsync, usdc => usdc == "6.0000000", "the money leaves")).ShouldBe("6.0000000");
        (await cluster.CreditsAsync(payee)).ShouldBe(1);

        async Task<JsonElement> InboxAsync() =>
            (await sender.Api.GetAsync($"/v1/dev/inbox?to={payee.Email}")).Required.GetProperty("data");
    }
}
