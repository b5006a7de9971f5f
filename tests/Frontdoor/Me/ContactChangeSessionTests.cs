using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Me;

/// <summary>Whoever's session ends while he changes a contact changes none: his owner ends it just because of that.</summary>
[Collection<NamesCollection>]
public sealed class ContactChangeSessionTests(FrontdoorHost host)
{
    [Theory]
    [InlineData("ask")]
    [InlineData("confirm")]
    public async Task A_session_that_ends_while_it_changes_a_contact_changes_none(string what)
    {
        // The bug kept away: it was looked at before the request, and not where the change is written.
        var thief = await host.SignUpAsync();
        var wanted = FrontdoorHost.NewEmail();
        string? code = null;
        if (what == "confirm")
        {
            (await AskAsync()).ShouldBeOk();
            code = await host.Messages.NextCodeAsync(wanted);
        }

        // Read by both when the session has been looked at and before anything is written.
        await using var held = await HeldTransaction.BeginAsync(
            host.Database.DataSource, "LOCK TABLE identity.profiles IN ACCESS EXCLUSIVE MODE");
        var change = what == "ask" ? AskAsync() : thief.PostAsync("/v1/me/email/change/confirm", new { code });
        await held.UntilWaitedForAsync();
        await held.RunAsync(
            "SELECT identity.session_revoke('stellarpay', $1, s.id, $3, 'revoked') FROM identity.sessions s WHERE s.user_id = $2",
            EventId.New(TimeProvider.System).Value, thief.UserId, host.Clock.GetUtcNow());
        await held.CommitAsync();

        (await change).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await host.NamesOfAsync(thief)).Email.ShouldBe(thief.Email);
        await using var codes = host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM identity.one_time_codes WHERE user_id = $1 AND purpose = 'change'");
        codes.Parameters.AddWithValue(thief.UserId);
        (await codes.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(what == "ask" ? 0L : 1L);

        Task<Answer> AskAsync() => thief.PostAsync("/v1/me/email/change", new { email = wanted, password = Api.Password });
    }
}
