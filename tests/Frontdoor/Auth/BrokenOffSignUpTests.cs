using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

public sealed class BrokenOffSignUpTests(BrokenOffSignUpTests.WatchfulHost host) : IClassFixture<BrokenOffSignUpTests.WatchfulHost>
{
    [Fact]
    public async Task A_sign_up_that_is_broken_off_once_it_has_a_data_key_is_carried_out()
    {
        // The bug kept away: the key was stored and its user was not, and it stayed for ever.
        var email = FrontdoorHost.NewEmail();
        await using var held = await HeldTransaction.BeginAsync(
            host.Database.DataSource, "LOCK TABLE identity.users IN SHARE ROW EXCLUSIVE MODE");
        using var http = new HttpClient { BaseAddress = host.Address };
        using var hangUp = new CancellationTokenSource();
        var signUp = http.PostAsJsonAsync("/v1/auth/signup", new { email, password = Api.Password }, hangUp.Token);
        await held.UntilWaitedForAsync();
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(signUp);
        await host.HungUp.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await held.CommitAsync();

        (await host.Messages.NextCodeAsync(email)).ShouldNotBeNull();
        await using var count = host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM subject_keys k WHERE k.subject LIKE 'usr%' AND NOT EXISTS (SELECT FROM identity.users u WHERE u.id = k.subject)");
        (await count.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }

    /// <summary>One that says when it has noticed that a caller of a sign-up hung up.</summary>
    public sealed class WatchfulHost : FrontdoorHost
    {
        private readonly TaskCompletionSource _hungUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task HungUp => _hungUp.Task;

        protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<IStartupFilter>(new Watch(_hungUp));
    }

    private sealed class Watch(TaskCompletionSource hungUp) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (HttpContext context, RequestDelegate rest) =>
            {
                using var told = context.RequestAborted.Register(() => hungUp.TrySetResult());
                await rest(context);
            });
            next(app);
        };
    }
}
