using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StellarPay.Adapters.Settings;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;
using StellarPay.Grains.Access;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.RateLimits;
using StellarPay.Silo.Hosting;

namespace StellarPay.EndToEnd.Tests.Cluster;

/// <summary>
/// A program that has a front door's certificate, and calls whatever there is: each method of each grain's interface. The bug kept
/// away: an interface that somebody forgot to guard.
/// </summary>
public sealed class RogueClientTests(ClusterDeployment cluster) : IClassFixture<ClusterDeployment>
{
    // They name no user: an address is public, and an administrator's order says who gives it.
    private static readonly string[] WithoutCaller = ["IWalletGrain.GetAddressAsync", "IWalletKeysGrain.RotateKeyByAdminAsync"];

    private static readonly Type[] Interfaces =
    [
        .. Assembly.Load("StellarPay.Grains.Abstractions").GetTypes().Concat(Assembly.Load("StellarPay.Grains").GetTypes())
            .Where(type => type.IsInterface && typeof(IGrainWithStringKey).IsAssignableFrom(type) && type != typeof(IGrainWithStringKey)),
    ];

    [Fact]
    public async Task What_is_for_grains_alone_is_refused_method_by_method()
    {
        using var host = await StartAsync();
        var grains = host.Services.GetRequiredService<IClusterClient>();
        var (refused, wrong) = (new HashSet<MethodInfo>(), new List<string>());
        foreach (var type in Interfaces)
        {
            foreach (var method in MethodsOf(type).Where(method => IsFor<GrainsOnlyAttribute>(method.DeclaringType!)))
            {
                // What several kinds of grains are has no grain of its own; each of the kinds is called.
                if (Find(grains, type) is { } grain)
                {
                    refused.Add(method);
                    wrong.AddRange(await CallAsync(grain, type, method) is { } how ? [$"{type.Name}.{method.Name}: {how}"] : []);
                }
            }
        }

        wrong.ShouldBeEmpty();
        Interfaces.Where(IsFor<GrainsOnlyAttribute>).SelectMany(type => type.GetMethods()).Except(refused)
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}").ShouldBeEmpty();
        refused.Count.ShouldBeGreaterThan(10);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_for_users_is_refused_to_whoever_is_not_the_owner()
    {
        await using var owner = await cluster.SignUpAsync("owner");
        var user = (await owner.Api.GetAsync("/v1/me")).Required.GetProperty("id").GetString()!;
        var (merchant, session) = await OpenShopAsync(owner);
        using var host = await StartAsync();
        var grains = host.Services.GetRequiredService<IClusterClient>();
        var (asked, wrong) = (0, new List<string>());
        foreach (var type in Interfaces.Where(IsFor<ForUsersAttribute>))
        {
            var key = type.Name switch
            {
                "IMerchantGrain" => merchant,
                "IPaymentSessionGrain" => session,
                _ when type.Name.StartsWith("IWallet", StringComparison.Ordinal) => $"wal_{user[4..]}",
                _ => $"sbk_{user[4..]}",
            };
            foreach (var method in type.GetMethods().Where(method => !WithoutCaller.Contains($"{type.Name}.{method.Name}")))
            {
                method.GetParameters()[0].ParameterType.ShouldBeOneOf([typeof(UserId), typeof(MerchantId)], $"{type.Name}.{method.Name}: who calls?");
                var answer = await ResultOfAsync((Task)method.Invoke(grains.GetGrain(type, key), ArgumentsOf(method))!);
                asked++;
                if (answer is not ("wallet_not_found" or "schedule_not_found" or "merchant_not_found" or "payment_session_not_found"))
                {
                    wrong.Add($"{type.Name}.{method.Name}: {answer ?? "served"}");
                }
            }
        }

        wrong.ShouldBeEmpty();
        asked.ShouldBeGreaterThan(10);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_for_front_doors_counts_for_a_rogue_and_does_nothing_else()
    {
        // A limit that somebody used up is all that can be done by it: no user is named, nothing is moved, nothing is read.
        Interfaces.Where(IsFor<ForDoorsAttribute>).ShouldBe([typeof(IRateLimitGrain)]);
        using var host = await StartAsync();
        var count = host.Services.GetRequiredService<IClusterClient>().GetGrain<IRateLimitGrain>("rl_rogue_x");

        foreach (var ask in new RateLimitAsk[]
        {
            new(0, TimeSpan.FromMinutes(1), 1), new(int.MaxValue, TimeSpan.FromMinutes(1), 1), new(1, TimeSpan.MaxValue, 1),
            new(1, TimeSpan.FromMinutes(1), int.MinValue), new(1, TimeSpan.FromMinutes(1), 1, Unused: -1),
        })
        {
            await Should.ThrowAsync<GrainFailedException>(count.TakeAsync(ask).AsTask(), ask.ToString());
        }

        (await count.TakeAsync(new RateLimitAsk(1, TimeSpan.FromMinutes(1), 2))).Granted.ShouldBe(1);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    // A business of somebody's, and something that it asks to be paid.
    private async Task<(string Merchant, string Session)> OpenShopAsync(Person owner)
    {
        var merchant = (await owner.Api.PostAsync("/v1/merchants", new
        {
            business_name = "Ada's Books", email = owner.Email, country = "GB", statement_descriptor = "ADAS BOOKS",
        })).Required.GetProperty("id").GetString()!;
        using var server = new ApiClient(owner.Api.BaseAddress);
        server.AccessToken = (await owner.Api.PostAsync(
            $"/v1/merchants/{merchant}/api_keys", new { kind = "secret", name = "Server", password = owner.Password }))
            .Required.GetProperty("key").GetString();
        var made = await Eventually.GetAsync(
            () => server.PostAsync("/v1/payment_sessions", new { amount = 500, currency = "USD" }), answer => answer.IsSuccess,
            "the shop's first session");
        return (merchant, made.Required.GetProperty("id").GetString()!);
    }

    private static IEnumerable<MethodInfo> MethodsOf(Type type) =>
        type.GetMethods().Concat(type.GetInterfaces().Where(Interfaces.Contains).SelectMany(each => each.GetMethods()));

    private static bool IsFor<T>(Type type)
        where T : Attribute => type.IsDefined(typeof(T), inherit: false);

    private static IAddressable? Find(IClusterClient grains, Type type)
    {
        try
        {
            return grains.GetGrain(type, KeyOf(type));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string KeyOf(Type type) => type.Name switch
    {
        "IDueGrain" => "due_00",
        "ISponsorGrain" => "plt_sponsor_00",
        "IFeeAccountGrain" => "plt_fees_00",
        _ when (string?)type.GetField("Key")?.GetRawConstantValue() is { } only => only,
        _ => $"rogue_{type.Name}",
    };

    // Null where it was refused as it is to be; a call that nobody answers is refused where the silo says so.
    private async Task<string?> CallAsync(IAddressable grain, Type type, MethodInfo method)
    {
        try
        {
            await (Task)method.Invoke(grain, ArgumentsOf(method))!;
        }
        catch (GrainFailedException refused) when (refused.Message.EndsWith("is for grains only.", StringComparison.Ordinal))
        {
            return null;
        }
        catch (Exception exception)
        {
            return exception.Message;
        }

        if (!method.IsDefined(typeof(Orleans.Concurrency.OneWayAttribute)))
        {
            return "served";
        }

        var line = $".{method.Name} of {grain.GetGrainId()}, which is for grains only; it was refused";
        await Eventually.GetAsync(
            () => Task.FromResult(cluster.Silos.Any(silo => silo.Output.Contains(line, StringComparison.Ordinal))), said => said,
            $"a silo to refuse {type.Name}.{method.Name}");
        return null;
    }

    private static object?[] ArgumentsOf(MethodInfo method) =>
        [.. method.GetParameters().Select(parameter => ValueOf(parameter.ParameterType))];

    private static object? ValueOf(Type type) =>
        type == typeof(UserId) ? UserId.New(TimeProvider.System)
        : type == typeof(MerchantId) ? MerchantId.New(TimeProvider.System)
        : type == typeof(PaymentId) ? PaymentId.New(TimeProvider.System)
        : type == typeof(ScheduleId) ? ScheduleId.New(TimeProvider.System)
        : type == typeof(string) ? "x"
        : type.IsArray ? Array.CreateInstance(type.GetElementType()!, 0)
        : type.IsAbstract || type.IsGenericType ? null
        : RuntimeHelpers.GetUninitializedObject(type);

    private static async Task<string?> ResultOfAsync(Task asked)
    {
        try
        {
            await asked;
        }
        catch (Exception exception)
        {
            return exception.Message;
        }

        var result = asked.GetType().GetProperty("Result")!.GetValue(asked)!;
        return ((Grains.Results.Error?)result.GetType().GetProperty("Error")!.GetValue(result))?.Code;
    }

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.AddStellarPaySettings();
        builder.Configuration["StellarPay:Postgres"] = cluster.Postgres;
        builder.Configuration["StellarPay:ClusterTls"] = cluster.Certificates;
        builder.AddStellarPayClient(builder.ReadStellarPaySettings());
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }
}
