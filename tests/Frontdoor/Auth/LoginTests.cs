using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

[Collection<SessionsCollection>]
public sealed class LoginTests(FrontdoorHost host)
{
    private const int MaxFailed = 10;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_has_signed_up_can_log_in_however_the_email_is_written()
    {
        var someone = await host.SignUpAsync();

        var session = await LoginAsync($" {someone.Email.ToUpperInvariant()} ", Api.Password);

        session.ShouldBeOk().Body.GetProperty("user").GetProperty("id").GetString().ShouldBe(someone.UserId);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_account_look_the_same()
    {
        var someone = await host.SignUpAsync();

        var wrong = (await LoginAsync(someone.Email, "wrong horse battery")).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");
        var unknown = (await LoginAsync(FrontdoorHost.NewEmail(), Api.Password)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");

        wrong.Body.GetProperty("error").GetProperty("message").GetString()
            .ShouldBe(unknown.Body.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Twelve_attempts_at_a_name_that_nobody_has_look_as_those_at_an_account_do()
    {
        // The bug kept away: the lock came to accounts only, and so told which names have one.
        var known = (await host.SignUpAsync()).Email;
        var unknown = FrontdoorHost.NewEmail();
        for (var i = 0; i < MaxFailed + 2; i++)
        {
            foreach (var password in new[] { "", $"wrong horse battery {i}" })
            {
                var (one, other) = (await LoginAsync(known, password), await LoginAsync(unknown.ToUpperInvariant(), password));

                other.Status.ShouldBe(one.Status, $"attempt {i}");
                WithoutRequestId(other).ShouldBe(WithoutRequestId(one));
                other.Bytes.Length.ShouldBe(one.Bytes.Length);
                other.Headers.RetryAfter?.Delta.ShouldBe(one.Headers.RetryAfter?.Delta);
                other.Headers.Concat(other.ContentHeaders).Select(header => header.Key)
                    .ShouldBe(one.Headers.Concat(one.ContentHeaders).Select(header => header.Key));
            }
        }

        (await LoginAsync(unknown, Api.Password)).ShouldBeError(HttpStatusCode.TooManyRequests, "account_locked");
    }

    [Fact]
    public async Task Guesses_at_a_name_that_nobody_has_are_all_counted_at_all_front_doors_and_the_name_is_not_kept()
    {
        await using var second = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var unknown = FrontdoorHost.NewEmail();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? host.Anonymous() : new Api(http))
            .PostAsync("/v1/auth/login", new { email = unknown, password = $"wrong horse battery {i}" })));

        answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized).ShouldBe(MaxFailed);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(40 - MaxFailed);
        await using var read = host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM identity.attempts WHERE key LIKE '%' || encode(sha256($1), 'hex') OR key LIKE '%' || encode(sha256($2), 'hex')");
        read.Parameters.AddWithValue(System.Text.Encoding.UTF8.GetBytes(unknown));
        read.Parameters.AddWithValue(System.Text.Encoding.UTF8.GetBytes(unknown.ToUpperInvariant()));
        (await read.ExecuteScalarAsync(Cancelled)).ShouldBe(0L);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_day_after_the_last_attempt_the_count_begins_anew_whether_the_name_is_known_or_not(bool known)
    {
        var email = known ? (await host.SignUpAsync()).Email : FrontdoorHost.NewEmail();
        Task<Answer> WrongAsync() => host.Anonymous().PostAsync("/v1/auth/login", new { email, password = "wrong horse battery" });
        for (var i = 0; i < MaxFailed - 1; i++)
        {
            (await WrongAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        host.Clock.Advance(TimeSpan.FromHours(24));
        for (var i = 0; i < MaxFailed; i++)
        {
            (await WrongAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await WrongAsync()).ShouldBeError(HttpStatusCode.TooManyRequests, "account_locked");
    }

    [Fact]
    public async Task Names_that_nobody_tries_any_more_are_removed()
    {
        await using var own = new FrontdoorHost();
        await own.InitializeAsync();
        Task<Answer> TryAsync() => own.Anonymous().PostAsync(
            "/v1/auth/login", new { email = FrontdoorHost.NewEmail(), password = Api.Password });
        for (var i = 0; i < 3; i++)
        {
            await TryAsync();
        }

        own.Clock.Advance(TimeSpan.FromHours(49));
        await TryAsync();

        await using var read = own.Database.DataSource.CreateCommand("SELECT count(*) FROM identity.attempts");
        // Of the last name: from its network, and from all.
        (await read.ExecuteScalarAsync(Cancelled)).ShouldBe(2L);
    }

    [Fact]
    public async Task Ten_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour()
    {
        var someone = await host.SignUpAsync();
        for (var i = 0; i < MaxFailed; i++)
        {
            (await LoginAsync(someone.Email, $"wrong horse battery {i}")).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");
        }

        var locked = (await LoginAsync(someone.Email, Api.Password)).ShouldBeError(HttpStatusCode.TooManyRequests, "account_locked");
        locked.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(15));

        host.Clock.Advance(TimeSpan.FromMinutes(15));
        (await LoginAsync(someone.Email, Api.Password)).ShouldBeOk();
    }

    [Fact]
    public async Task A_right_password_forgets_the_wrong_ones_before_it()
    {
        var someone = await host.SignUpAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < MaxFailed - 1; i++)
            {
                (await LoginAsync(someone.Email, "wrong horse battery")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            }

            (await LoginAsync(someone.Email, Api.Password)).ShouldBeOk();
        }
    }

    [Fact]
    public async Task Guesses_sent_at_once_are_all_counted()
    {
        // The bug kept away: the lockout is read, the password checked and the failure counted, so that forty guesses
        // in flight together count as one.
        var someone = await host.SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => LoginAsync(someone.Email, $"wrong horse battery {i}")));

        answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized).ShouldBe(MaxFailed);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(40 - MaxFailed);
    }

    [Fact]
    public async Task A_hash_with_fewer_rounds_than_today_is_renewed_by_the_login()
    {
        var someone = await host.SignUpAsync();
        var rounds = await RoundsOfAsync(someone.UserId);
        var old = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = rounds / 2 }));
        await using var weaken = host.Database.DataSource.CreateCommand("UPDATE identity.users SET password_hash = $2 WHERE id = $1");
        weaken.Parameters.AddWithValue(someone.UserId);
        weaken.Parameters.AddWithValue(old.HashPassword(new User(), Api.Password));
        await weaken.ExecuteNonQueryAsync(Cancelled);

        (await LoginAsync(someone.Email, "wrong horse battery")).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");
        (await RoundsOfAsync(someone.UserId)).ShouldBe(rounds / 2);

        (await LoginAsync(someone.Email, Api.Password)).ShouldBeOk();
        (await RoundsOfAsync(someone.UserId)).ShouldBe(rounds);
        (await LoginAsync(someone.Email, Api.Password)).ShouldBeOk();
    }

    [Fact]
    public async Task Email_and_phone_together_name_nobody() =>
        (await host.Anonymous().PostAsync(
            "/v1/auth/login", new { email = "a@example.com", phone = "+12025550143", password = Api.Password }))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "phone");

    private static string WithoutRequestId(Answer answer) => answer.Text.Replace(answer.RequestId, "", StringComparison.Ordinal);

    private Task<Answer> LoginAsync(string email, string password) =>
        host.Anonymous().PostAsync("/v1/auth/login", new { email, password });

    // Identity's third format: a byte that names it, the hash function and the rounds, four bytes each, salt, hash.
    private async Task<int> RoundsOfAsync(string user)
    {
        await using var read = host.Database.DataSource.CreateCommand("SELECT password_hash FROM identity.users WHERE id = $1");
        read.Parameters.AddWithValue(user);
        var hash = Convert.FromBase64String((string)(await read.ExecuteScalarAsync(Cancelled))!);
        hash[0].ShouldBe((byte)1);
        return BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5));
    }
}
