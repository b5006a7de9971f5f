using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Silo.Hosting;

namespace StellarPay.Frontdoor.Admin;

/// <summary>
/// <c>./stellarpay admin grant|revoke EMAIL</c> and <c>list</c>. Speaks to the database alone, with the keys of a front door, so that it
/// works while nothing else runs, and while everything does.
/// </summary>
internal static class AdminCommand
{
    public const string Usage = "usage: stellarpay admin grant EMAIL|PHONE | revoke EMAIL|PHONE | list | remove-factors EMAIL|PHONE";

    private const int Failed = 1;
    private const int WrongUsage = 2;

    /// <summary>Runs one command on the database that the settings name.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] command)
    {
        var code = 0;
        var failed = await StartFailures.ExplainAsync(async () => code = await RunOnDatabaseAsync(command));
        return failed != 0 ? failed : code;
    }

    /// <summary>Runs one command.</summary>
    internal static async Task<int> RunAsync(string[] command, Administrators administrators, TextWriter output)
    {
        switch (command)
        {
            case ["grant", var user]:
                return await SetAsync(
                    user, Roles.Admin, "is an administrator",
                    "it counts from the next access token on, in sessions in which a second factor was shown", administrators, output);
            case ["revoke", var user]:
                return await SetAsync(user, Roles.User, "is no administrator", "it counts at once, whatever token is still about", administrators, output);
            case ["remove-factors", var user]:
                return await RemoveFactorsAsync(user, administrators, output);
            case ["list"]:
                foreach (var (id, name) in await administrators.ListAsync(CancellationToken.None))
                {
                    await output.WriteLineAsync($"{id} {name}");
                }

                return 0;
            default:
                await output.WriteLineAsync(Usage);
                return WrongUsage;
        }
    }

    private static async Task<int> RunOnDatabaseAsync(string[] command)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddStellarPaySettings();
        // As they are: what this has no need of is not asked for.
        var settings = builder.Configuration.GetSection(StellarPaySettings.Section).Get<StellarPaySettings>() ?? new StellarPaySettings();
        builder.Services.AddStellarPayPostgres(postgres =>
        {
            postgres.ConnectionString = settings.Postgres;
            postgres.ServiceId = settings.ServiceId;
        });
        builder.Services.AddSingleton(Options.Create(settings));
        builder.Services.AddNames(development: false);
        builder.Services.AddSingleton<Administrators>();
        using var host = builder.Build();
        try
        {
            return await RunAsync(command, host.Services.GetRequiredService<Administrators>(), Console.Out);
        }
        catch (PostgresException e) when (
            e.SqlState is PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await Console.Error.WriteLineAsync("stellarpay: the database is not up to date; start StellarPay once.");
            return Failed;
        }
    }

    private static async Task<int> RemoveFactorsAsync(string user, Administrators administrators, TextWriter output)
    {
        var found = await administrators.RemoveFactorsAsync(Environment.UserName, user, CancellationToken.None);
        await output.WriteLineAsync(found
            ? $"{user} has no second factor any more, and is logged out everywhere."
            : $"Nobody here has the e-mail address or phone {user}.");
        return found ? 0 : Failed;
    }

    private static async Task<int> SetAsync(
        string user, string role, string result, string since, Administrators administrators, TextWriter output)
    {
        var changed = await administrators.SetRoleAsync(Environment.UserName, user, role, CancellationToken.None);
        var text = changed switch
        {
            RoleChange.Set => $"{user} {result} now; {since}.",
            RoleChange.Same => $"{user} {result} already.",
            RoleChange.BeingErased =>
                $"{user} has had himself removed, which is being carried out, and is given no role. Whoever has a wallet that is not empty stays; try again in some minutes.",
            _ => $"Nobody here has the e-mail address or phone {user}.",
        };
        await output.WriteLineAsync(text);
        return changed is RoleChange.Set or RoleChange.Same ? 0 : Failed;
    }
}
