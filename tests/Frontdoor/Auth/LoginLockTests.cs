using System.Net;
using System.Net.Http.Json;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>
/// Wrong passwords lock the networks that they come from, and tell nobody whether there is an account. The bug kept away: they locked the
/// account, so that forty requests an hour from one address kept its owner from logging in for ever.
/// </summary>
public sealed class LoginLockTests(LoginLockTests.ProxiedHost host) : IClassFixture<LoginLockTests.ProxiedHost>
{
    private const int MaxFailed = 10;
    private const int MostOfAll = MaxFailed * LoginAttempts.NetworksOfAll;
    private const string NewPassword = "another horse battery";

    public enum Name
    {
        Known,
        Unknown,
    }

    [Theory]
    [InlineData("203.0.113.{0}", "198.51.100.7")]
    [InlineData("2001:db8:1:{0}::1", "2001:db8:2::1")]
    public async Task Wrong_passwords_lock_the_network_that_they_come_from_and_no_other(string network, string other)
    {
        var owner = await host.SignUpAsync();
        for (var i = 0; i < MaxFailed; i++)
        {
            (await WrongAsync(Numbered(network, i), owner.Email)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        ShouldBeLocked(await LoginAsync(Numbered(network, 99), owner.Email, Api.Password));
        (await LoginAsync(other, owner.Email, Api.Password)).ShouldBeOk();
    }

    [Fact]
    public async Task A_large_IPv6_range_has_as_much_as_a_few_networks()
    {
        var owner = await host.SignUpAsync();
        for (var i = 0; i < MaxFailed * LoginAttempts.NetworksOfBlock; i++)
        {
            (await WrongAsync($"2001:db8:{i}::1", owner.Email)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        ShouldBeLocked(await WrongAsync("2001:db8:99::1", owner.Email));
        (await LoginAsync("2001:dc8::1", owner.Email, Api.Password)).ShouldBeOk();
    }

    [Theory]
    [InlineData(Name.Known)]
    [InlineData(Name.Unknown, Explicit = true)]
    public async Task All_networks_together_have_a_sum_and_devices_that_are_known_are_not_refused_by_it(Name name)
    {
        var owner = await host.SignUpAsync();
        var email = name == Name.Known ? owner.Email : FrontdoorHost.NewEmail();
        for (var i = 0; i < MostOfAll; i++)
        {
            (await WrongAsync(Network(i), email)).Status.ShouldBe(HttpStatusCode.Unauthorized, $"attempt {i}");
        }

        ShouldBeLocked(await WrongAsync("198.51.100.1", email));
        (await LoginAsync(null, owner.Email, Api.Password)).ShouldBeOk();

        // Guesses are bounded there too.
        for (var i = 0; i < MaxFailed; i++)
        {
            (await WrongAsync(null, email)).Status
                .ShouldBe(name == Name.Known ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests);
        }

        ShouldBeLocked(await WrongAsync(null, email));
        host.Clock.Advance(TimeSpan.FromMinutes(15));
        (await WrongAsync("198.51.100.1", email)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Guesses_with_a_device_that_is_known_count_for_its_network_and_in_the_sum()
    {
        // The bug kept away: they counted nowhere else, so that neither bound was one.
        var owner = await host.SignUpAsync();
        (await LoginAsync("198.51.100.7", owner.Email, Api.Password, "HomePhone/1.0")).ShouldBeOk();
        for (var i = 0; i < MaxFailed; i++)
        {
            (await WrongAsync("198.51.100.7", owner.Email, "HomePhone/1.0")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        ShouldBeLocked(await WrongAsync("198.51.100.8", owner.Email));
        for (var i = MaxFailed; i < MostOfAll; i++)
        {
            (await WrongAsync(Network(i), owner.Email)).Status.ShouldBe(HttpStatusCode.Unauthorized, $"attempt {i}");
        }

        ShouldBeLocked(await WrongAsync("192.0.2.1", owner.Email));

        // Nor does another, which it does not refuse, take back what others have tried.
        (await LoginAsync(null, owner.Email, Api.Password)).ShouldBeOk();
        ShouldBeLocked(await WrongAsync("192.0.2.1", owner.Email));
    }

    [Fact]
    public async Task Whoever_sets_his_password_by_a_code_logs_in_from_there_whatever_strangers_have_locked()
    {
        var owner = await host.SignUpAsync();
        for (var i = 0; i < MostOfAll; i++)
        {
            await WrongAsync(Network(i), owner.Email);
        }

        const string Hotel = "198.51.100.7";
        ShouldBeLocked(await LoginAsync(Hotel, owner.Email, Api.Password));
        var asked = (await PostAsync(Hotel, "/v1/auth/password-reset", new { email = owner.Email })).ShouldBeOk();
        var code = await host.Messages.NextCodeAsync(owner.Email);
        (await PostAsync(Hotel, "/v1/auth/password-reset/confirm", new
        {
            email = owner.Email, reset_id = asked.Body.GetProperty("id").GetString(), code, password = NewPassword,
        })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await LoginAsync(Hotel, owner.Email, NewPassword)).ShouldBeOk();
        ShouldBeLocked(await LoginAsync("192.0.2.77", owner.Email, NewPassword));
    }

    [Fact]
    public async Task A_login_of_the_owner_shows_nowhere_else()
    {
        // The bug kept away: a right password began the count anew, and of a name that nobody has it never did. Nine wrong ones, some
        // hours, and two more told that somebody had logged in.
        var (known, unknown) = ((await host.SignUpAsync()).Email, FrontdoorHost.NewEmail());
        for (var i = 0; i < MaxFailed - 1; i++)
        {
            await SameAsync("203.0.113.1", known, unknown, HttpStatusCode.Unauthorized);
        }

        (await LoginAsync(null, known, Api.Password)).ShouldBeOk();
        (await LoginAsync("198.51.100.7", known, Api.Password)).ShouldBeOk();
        host.Clock.Advance(TimeSpan.FromHours(3));
        await SameAsync("203.0.113.1", known, unknown, HttpStatusCode.Unauthorized);
        await SameAsync("203.0.113.1", known, unknown, HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Nor_does_it_in_the_sum_of_all_networks()
    {
        var (known, unknown) = ((await host.SignUpAsync()).Email, FrontdoorHost.NewEmail());
        for (var i = 0; i < MostOfAll - 1; i++)
        {
            await SameAsync(Network(i), known, unknown, HttpStatusCode.Unauthorized);
        }

        (await LoginAsync("198.51.100.7", known, Api.Password)).ShouldBeOk();
        (await LoginAsync(null, known, Api.Password)).ShouldBeOk();
        await SameAsync(Network(MostOfAll), known, unknown, HttpStatusCode.Unauthorized);
        await SameAsync("192.0.2.1", known, unknown, HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_stranger_with_the_same_program_is_no_known_device()
    {
        var owner = await host.SignUpAsync();
        const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
        (await LoginAsync("198.51.100.7", owner.Email, Api.Password, Browser)).ShouldBeOk();
        for (var i = 0; i < MaxFailed; i++)
        {
            await WrongAsync("203.0.113.1", owner.Email, Browser);
        }

        ShouldBeLocked(await WrongAsync("203.0.113.1", owner.Email, Browser));
        (await LoginAsync("198.51.100.8", owner.Email, Api.Password, Browser)).ShouldBeOk();
    }

    private static string Numbered(string network, int number) => network.Replace("{0}", $"{number}", StringComparison.Ordinal);

    // A network for each ten.
    private static string Network(int attempt) => $"203.0.{attempt / MaxFailed}.{attempt % MaxFailed}";

    private static void ShouldBeLocked(Answer answer)
    {
        answer.ShouldBeError(HttpStatusCode.TooManyRequests, "account_locked");
        answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15));
    }

    private async Task SameAsync(string from, string known, string unknown, HttpStatusCode status)
    {
        var (one, other) = (await WrongAsync(from, known), await WrongAsync(from, unknown));
        (one.Status, other.Status).ShouldBe((status, status));
        other.Headers.RetryAfter?.Delta.ShouldBe(one.Headers.RetryAfter?.Delta);
        other.Text.Replace(other.RequestId, "", StringComparison.Ordinal)
            .ShouldBe(one.Text.Replace(one.RequestId, "", StringComparison.Ordinal));
    }

    private Task<Answer> WrongAsync(string? from, string email, string? program = null) =>
        LoginAsync(from, email, "wrong horse battery", program);

    private Task<Answer> LoginAsync(string? from, string email, string password, string? program = null) =>
        PostAsync(from, "/v1/auth/login", new { email, password }, program);

    private Task<Answer> PostAsync(string? from, string path, object body, string? program = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (from is not null)
        {
            request.Headers.Add("X-Forwarded-For", from);
        }

        if (program is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", program);
        }

        return host.Anonymous().SendAsync(request);
    }

    public sealed class ProxiedHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new() { ["StellarPay:Frontdoor:TrustedProxies:0"] = "127.0.0.0/8" };
    }
}
