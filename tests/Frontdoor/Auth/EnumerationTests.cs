using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using StellarPay.Adapters.Horizon;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>
/// Nothing tells who has an account. That it takes the same time is proven by the work that is done for a request: as many hashes of a
/// password and as many questions to the database, which are what takes time. A clock would show it on a quiet machine only.
/// </summary>
public sealed class EnumerationTests(EnumerationTests.CountingHost host) : IClassFixture<EnumerationTests.CountingHost>
{
    private static int _phones = 1000;

    private const int MaxFailed = 10;
    private const string UnknownReset = "pwr_00000000000000000000000000000000";

    public enum Asking
    {
        EmptyPassword,
        WrongPassword,
        ForgottenPassword,
        ForgottenPasswordByPhone,
        SignUp,
        WrongResetCode,
    }

    [Theory]
    [InlineData(Asking.EmptyPassword, 0)]
    [InlineData(Asking.WrongPassword, 1)]
    [InlineData(Asking.ForgottenPassword, 0)]
    [InlineData(Asking.ForgottenPasswordByPhone, 0)]
    [InlineData(Asking.SignUp, 1)]
    [InlineData(Asking.WrongResetCode, 1)]
    public async Task A_name_that_somebody_has_and_one_that_nobody_has_are_the_same_work_and_the_same_answer(Asking asking, int hashes)
    {
        var known = (await host.SignUpAsync()).Email;
        var phone = await NewPhoneAsync();
        // The first of a kind is planned and compiled.
        await SendAsync(asking, FrontdoorHost.NewEmail(), "+12025550100");
        // Each has a code on its way, or none.
        async Task<string> ResetOfAsync(string email) => asking != Asking.WrongResetCode ? ""
            : (await host.Anonymous().PostAsync("/v1/auth/password-reset", new { email })).ShouldBeOk().Body.GetProperty("id").GetString()!;
        for (var i = 0; i < 3; i++)
        {
            var unknown = FrontdoorHost.NewEmail();
            var one = await SendAsync(asking, known, phone, await ResetOfAsync(known));
            var other = await SendAsync(
                asking, unknown, $"+1202555{RandomNumberGenerator.GetInt32(2000, 9999)}", await ResetOfAsync(unknown));

            other.Work.ShouldBe(one.Work);
            one.Work.Hashes.ShouldBe(hashes);
            one.Work.Questions.ShouldBeGreaterThan(asking == Asking.EmptyPassword ? -1 : 0);
            ShouldLookAlike(one.Answer, other.Answer, asking);
        }
    }

    [Fact]
    public async Task Twelve_wrong_passwords_are_the_same_work_each_and_lock_alike()
    {
        var (known, unknown) = ((await host.SignUpAsync()).Email, FrontdoorHost.NewEmail());
        await SendAsync(Asking.WrongPassword, FrontdoorHost.NewEmail(), "");
        for (var i = 0; i < MaxFailed + 2; i++)
        {
            var (one, other) = (await SendAsync(Asking.WrongPassword, known, ""), await SendAsync(Asking.WrongPassword, unknown, ""));

            other.Work.ShouldBe(one.Work, $"attempt {i}");
            one.Work.Hashes.ShouldBe(i < MaxFailed ? 1 : 0);
            ShouldLookAlike(one.Answer, other.Answer, Asking.WrongPassword);
        }
    }

    private static void ShouldLookAlike(Answer one, Answer other, Asking asking)
    {
        other.Status.ShouldBe(one.Status, other.Text);
        other.Headers.RetryAfter?.Delta.ShouldBe(one.Headers.RetryAfter?.Delta);
        other.Headers.Concat(other.ContentHeaders).Select(header => header.Key)
            .ShouldBe(one.Headers.Concat(one.ContentHeaders).Select(header => header.Key));
        if (asking is Asking.ForgottenPassword or Asking.ForgottenPasswordByPhone)
        {
            // Ids are of one length.
            other.Bytes.Length.ShouldBe(one.Bytes.Length);
            other.Body.EnumerateObject().Where(each => each.Name != "id").Select(each => each.ToString())
                .ShouldBe(one.Body.EnumerateObject().Where(each => each.Name != "id").Select(each => each.ToString()));
        }
        else if (asking == Asking.SignUp)
        {
            // Ids and tokens are of one length, the names here too.
            other.Bytes.Length.ShouldBe(one.Bytes.Length);
            other.Body.GetProperty("user").EnumerateObject().Select(each => each.Name)
                .ShouldBe(one.Body.GetProperty("user").EnumerateObject().Select(each => each.Name));
        }
        else
        {
            WithoutRequestId(other).ShouldBe(WithoutRequestId(one));
        }
    }

    private static string WithoutRequestId(Answer answer) => answer.Text.Replace(answer.RequestId, "", StringComparison.Ordinal);

    private async Task<(Answer Answer, Work Work)> SendAsync(Asking asking, string email, string phone, string resetId = UnknownReset)
    {
        const string Wrong = "wrong horse battery";
        var before = host.Hasher.Runs;
        var door = host.Anonymous();
        var answer = await (asking switch
        {
            Asking.EmptyPassword => door.PostAsync("/v1/auth/login", new { email, password = "" }),
            Asking.WrongPassword => door.PostAsync("/v1/auth/login", new { email, password = Wrong }),
            Asking.ForgottenPassword => door.PostAsync("/v1/auth/password-reset", new { email }),
            Asking.ForgottenPasswordByPhone => door.PostAsync("/v1/auth/password-reset", new { phone }),
            Asking.WrongResetCode => door.PostAsync("/v1/auth/password-reset/confirm", new { email, reset_id = resetId, code = "1234 5678", password = Wrong }),
            _ => door.PostAsync("/v1/auth/signup", new { email, password = Wrong }),
        });
        return (answer, new Work(host.Hasher.Runs - before, host.QuestionsOf(answer)));
    }

    // Each is another: two tests that drew one number read each other's messages.
    private async Task<string> NewPhoneAsync()
    {
        var phone = $"+1202555{Interlocked.Increment(ref _phones)}";
        var api = host.Anonymous();
        api.Take((await api.PostAsync("/v1/auth/signup", new { phone, password = Api.Password })).ShouldBeOk());
        (await api.PostAsync("/v1/me/phone/confirm", new { code = await host.Messages.NextCodeAsync(phone) })).ShouldBeOk();
        return phone;
    }

    private sealed record Work(int Hashes, int Questions);

    /// <summary>A front door that counts its work.</summary>
    public sealed class CountingHost : FrontdoorHost
    {
        internal CountingHasher Hasher { get; } = new();

        /// <summary>The statements that the database was sent for a request.</summary>
        internal int QuestionsOf(Answer answer) => Log.Lines.Count(line => line.Category == "Npgsql.Command"
            && line.Message.StartsWith("Command execution completed", StringComparison.Ordinal)
            && line.Scopes.Any(scope => scope.Contains(answer.RequestId, StringComparison.Ordinal)));

        protected override Task<NetworkProfile> AddGrainsAsync(WebApplicationBuilder builder)
        {
            builder.Logging.AddFilter<CapturedLog>("Npgsql.Command", LogLevel.Information);
            return base.AddGrainsAsync(builder);
        }

        protected override void ConfigureServices(IServiceCollection services) =>
            services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<User>>(Hasher));
    }

    internal sealed class CountingHasher : IPasswordHasher<User>
    {
        private readonly PasswordHasher<User> _inner = new(Microsoft.Extensions.Options.Options.Create(
            new PasswordHasherOptions { IterationCount = 1000 }));

        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        public string HashPassword(User user, string password)
        {
            Interlocked.Increment(ref _runs);
            return _inner.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _runs);
            return _inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
