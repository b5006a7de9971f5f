using System.Globalization;
using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Payments;
using static StellarPay.Frontdoor.Tests.Payments.FactorHost;

namespace StellarPay.Frontdoor.Tests.Invitations;

/// <summary>Invitations whose time goes by; in a world whose clock they move, for it is everybody's.</summary>
[Collection<FactorHostCollection>]
public sealed class InvitationEndTests(FactorHost host)
{
    [Fact]
    public async Task After_fourteen_days_the_amount_is_the_senders_again_and_whoever_comes_then_gets_nothing()
    {
        var sender = await host.NewPayerAsync("10");
        var email = FrontdoorHost.NewEmail();
        var id = await InviteAsync(sender, email, "4");
        await host.Messages.NextAsync(email);

        host.Clock.Advance(TimeSpan.FromDays(14) + TimeSpan.FromMinutes(2));
        await LoginAsync(sender);
        await UntilAsync(sender, $"/v1/invitations/{id}", body => body.GetProperty("status").GetString() == "expired");
        var payee = await host.SignUpAsync(email);

        await UntilAsync(payee, "/v1/wallet", body => body.GetProperty("status").GetString() == "active");
        Reserved((await sender.GetAsync("/v1/wallet")).ShouldBeOk().Body).ShouldBe("0.0000000");
        (await sender.GetAsync($"/v1/invitations/{id}")).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("expired");
        await host.Messages.UntilSentAsync(sender.Email, "Your invitation over 4 USDC is over");
        (await sender.PostAsync($"/v1/invitations/{id}/cancel"))
            .ShouldBeError(HttpStatusCode.Conflict, "invitation_not_cancellable");
    }

    [Fact]
    public async Task A_sender_who_was_frozen_meanwhile_pays_when_he_is_free_again()
    {
        var sender = await host.NewPayerAsync("10");
        var email = FrontdoorHost.NewEmail();
        var id = await InviteAsync(sender, email, "4");
        await host.Messages.NextAsync(email);
        var admin = await host.NewAdminAsync();
        (await admin.PostAsync($"/v1/admin/wallets/{sender.WalletId}/freeze", new { reason = "Asked by a test" })).ShouldBeOk();
        (await sender.PostAsync("/v1/invitations", new { recipient = FrontdoorHost.NewEmail(), asset = "USDC", amount = "1" }, Api.NewKey()))
            .ShouldBeError(HttpStatusCode.Forbidden, "wallet_frozen");

        await host.SignUpAsync(email);

        await UntilAsync(sender, $"/v1/invitations/{id}", body => body.GetProperty("status").GetString() == "due");
        Reserved((await sender.GetAsync("/v1/wallet")).ShouldBeOk().Body).ShouldBe("4.0000000");
        (await sender.PostAsync($"/v1/invitations/{id}/cancel")).ShouldBeError(HttpStatusCode.Conflict, "invitation_not_cancellable");
        (await admin.PostAsync($"/v1/admin/wallets/{sender.WalletId}/unfreeze", new { reason = "Asked by a test" })).ShouldBeOk();
        host.Clock.Advance(TimeSpan.FromHours(1));
        await LoginAsync(sender);

        await UntilAsync(sender, $"/v1/invitations/{id}", body =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            return body.GetProperty("status").GetString() == "paid";
        });
        // It is settled a moment later.
        await UntilAsync(sender, "/v1/wallet", body => Reserved(body) == "0.0000000");
    }

    [Fact]
    public async Task Who_takes_an_invitation_back_and_makes_it_anew_writes_to_its_name_three_times_in_seven_days()
    {
        var sender = await host.NewPayerAsync("10");
        var email = FrontdoorHost.NewEmail();
        var first = host.Clock.GetUtcNow();
        for (var made = 0; made < 3; made++)
        {
            (await sender.PostAsync($"/v1/invitations/{await InviteAsync(sender, email, "1")}/cancel")).ShouldBeOk();
            await host.Messages.NextAsync(email);
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var refused = await AgainAsync();

        refused.ShouldBeError(HttpStatusCode.TooManyRequests, "recipient_invited_often", "recipient");
        var from = first + TimeSpan.FromDays(7);
        refused.Text.ShouldContain(string.Create(
            CultureInfo.InvariantCulture,
            $"You have invited this recipient 3 times within 7 days, which is as often as you may. You can invite him again from {from:yyyy-MM-dd HH:mm} UTC on."));
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(
            TimeSpan.FromDays(7) - TimeSpan.FromMinutes(10), TimeSpan.FromDays(7));
        // And so it is however many ask at once.
        foreach (var each in await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AgainAsync())))
        {
            each.ShouldBeError(HttpStatusCode.TooManyRequests, "recipient_invited_often", "recipient");
        }

        Reserved((await sender.GetAsync("/v1/wallet")).ShouldBeOk().Body).ShouldBe("0.0000000");
        host.Messages.All.Count(sent => sent.To == email).ShouldBe(3);
        host.Clock.Advance(TimeSpan.FromDays(7));
        await LoginAsync(sender);
        (await AgainAsync()).ShouldBeOk();
        // What counts no more is forgotten.
        await using var kept = host.Database.DataSource.CreateCommand("SELECT count(*) FROM identity.invited_names WHERE invited_at <= $1");
        kept.Parameters.AddWithValue(host.Clock.GetUtcNow() - TimeSpan.FromDays(7));
        (await kept.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);

        Task<Answer> AgainAsync() => sender.PostAsync("/v1/invitations", new { recipient = email, asset = "USDC", amount = "1" }, Api.NewKey());
    }

    private static async Task<string> InviteAsync(Api sender, string recipient, string amount) =>
        (await sender.PostAsync("/v1/invitations", new { recipient, asset = "USDC", amount }, Api.NewKey())).ShouldBeOk()
            .Body.GetProperty("id").GetString()!;

    private static string? Reserved(JsonElement wallet) => wallet.GetProperty("balances").EnumerateArray()
        .Where(balance => balance.GetProperty("asset").GetString() == "USDC")
        .Select(balance => balance.GetProperty("reserved").GetString()).SingleOrDefault();

    // His session has ended meanwhile.
    private async Task LoginAsync(Api sender)
    {
        var again = (await host.Anonymous().PostAsync("/v1/auth/login", new { email = sender.Email, password = Api.Password })).ShouldBeOk();
        sender.Take(again);
    }
}
