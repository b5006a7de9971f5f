using System.Net;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Auth.Passkeys;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.RateLimits;

/// <summary>A front door with the usual limits of what is written down for ever.</summary>
public sealed class UsualChangesHost : FrontdoorHost
{
    protected override Dictionary<string, string?> Settings => new()
    {
        ["StellarPay:RateLimits:SecurityChangesPerUser"] = "10",
        ["StellarPay:RateLimits:ContactsPerUser"] = "60",
    };
}

/// <summary>
/// What one user changes of what protects him is written down for ever and told: ten an hour of each kind. The bug kept away: 1,200 a
/// minute, 1.7 million a day.
/// </summary>
public sealed class SecurityChangeLimitTests(UsualChangesHost host) : IClassFixture<UsualChangesHost>
{
    private const int Most = 10;

    [Fact]
    public async Task Recovery_codes_are_replaced_ten_times_an_hour()
    {
        var api = await host.SignUpAsync();
        await Authenticator.SetUpAsync(host, api);

        var answers = await ManyAsync(() => api.PostAsync("/v1/me/recovery-codes"));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(Most);
        await using var command = host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM events WHERE owner = $1 AND type = 'security.recovery_codes_replaced'");
        command.Parameters.AddWithValue(api.UserId);
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe((long)Most);
        (await api.DeleteAsync("/v1/me/totp")).ShouldBeOk();
    }

    [Fact]
    public async Task Factors_are_begun_ten_times_an_hour_each_and_taken_away_at_any_time()
    {
        var api = await host.SignUpAsync();
        for (var i = 0; i < Most; i++)
        {
            await Authenticator.SetUpAsync(host, api);
            (await api.DeleteAsync("/v1/me/totp")).ShouldBeOk();
            host.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        ShouldBeTooMany(await api.PostAsync("/v1/me/totp", new { password = Api.Password }));
        var passkeys = await ManyAsync(() => api.PostAsync("/v1/me/passkeys/options", new { password = Api.Password }));
        passkeys.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(Most);
    }

    [Fact]
    public async Task Whoever_has_a_session_alone_uses_up_nothing()
    {
        var api = await host.SignUpAsync();
        for (var i = 0; i <= Most; i++)
        {
            (await api.PostAsync("/v1/me/totp")).ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
            (await api.PostAsync("/v1/me/recovery-codes")).ShouldBeError(HttpStatusCode.Conflict, "no_second_factor");
            (await api.PatchAsync("/v1/me", new { notifications = new { email = new { money = false } } }))
                .ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        }

        await Authenticator.SetUpAsync(host, api);
        (await api.PostAsync("/v1/me/recovery-codes")).ShouldBeOk();
        (await api.PatchAsync("/v1/me", new { notifications = new { email = new { money = false } } })).ShouldBeOk();
        using var authenticator = new SoftwareAuthenticator();
        (await api.AddPasskeyAsync(authenticator)).ShouldBeOk();
    }

    [Fact]
    public async Task What_one_is_told_of_is_changed_ten_times_an_hour_and_so_is_whom_contacts_pay()
    {
        var api = await host.SignUpAsync();
        var answers = await ManyAsync(() =>
            api.PatchAsync("/v1/me", new { notifications = new { email = new { money = false } }, password = Api.Password }));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(Most);
        (await api.PatchAsync("/v1/me", new { language = "de" })).ShouldBeOk();

        var id = (await api.PostAsync("/v1/contacts", new { nickname = "Bob", recipient = "bob@example.com" })).ShouldBeOk()
            .Body.GetProperty("id").GetString();
        var number = 0;
        var changed = await ManyAsync(() =>
            api.PatchAsync($"/v1/contacts/{id}", new { recipient = $"bob{++number}@example.com", password = Api.Password }));
        changed.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(Most);
    }

    [Fact]
    public async Task Sixty_contacts_an_hour_are_added_or_renamed_and_removed_at_any_time()
    {
        var api = await host.SignUpAsync();
        var id = "";
        for (var i = 0; i < 60; i++)
        {
            id = (await api.PostAsync("/v1/contacts", new { nickname = $"Bob {i}", recipient = "bob@example.com" })).ShouldBeOk()
                .Body.GetProperty("id").GetString()!;
        }

        ShouldBeTooMany(await api.PostAsync("/v1/contacts", new { nickname = "Eve", recipient = "bob@example.com" }));
        ShouldBeTooMany(await api.PatchAsync($"/v1/contacts/{id}", new { nickname = "Eve" }));
        (await api.DeleteAsync($"/v1/contacts/{id}")).ShouldBeOk();
    }

    // One after another, as a loop does; what is refused comes last.
    private static async Task<Answer[]> ManyAsync(Func<Task<Answer>> change)
    {
        var answers = new List<Answer>();
        for (var i = 0; i < Most + 3; i++)
        {
            answers.Add(await change());
        }

        foreach (var refused in answers.Skip(Most))
        {
            ShouldBeTooMany(refused);
        }

        return [.. answers];
    }

    private static void ShouldBeTooMany(Answer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.TooManyRequests, answer.Text);
        answer.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
    }
}
