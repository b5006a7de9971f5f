using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.KeyVault;
using StellarPay.Adapters.Postgres.Migrations;
using StellarPay.Grains.Platform;

namespace StellarPay.Silo.Hosting;

/// <summary>What can be wrong with a machine or its settings ends with one sentence, not with a stack trace.</summary>
public static class StartFailures
{
    private const int Failed = 1;

    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    /// <summary>Runs a program, and says in a sentence what kept it from starting.</summary>
    /// <param name="program">The program; it ends when it is told to stop.</param>
    /// <param name="explain">Sentences for failures of the caller's own; null where it knows none.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> ExplainAsync(Func<Task> program, Func<Exception, string?>? explain = null)
    {
        try
        {
            await program();
            return 0;
        }
        catch (Exception e) when (SentenceOf(e, explain) is { } sentence)
        {
            await Console.Error.WriteLineAsync($"stellarpay: {sentence}");
            return Failed;
        }
    }

    /// <summary>
    /// Starts a host. What had begun when a start fails is stopped in order: a silo leaves the cluster, and no worker that is cut off says
    /// that the host has failed a second time.
    /// </summary>
    public static async Task StartOrStopAsync(this IHost host)
    {
        try
        {
            await host.StartAsync();
        }
        catch
        {
            using var patience = new CancellationTokenSource(StopWithin);
            await host.StopAsync(patience.Token).WaitAsync(StopWithin + StopWithin).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    internal static string? SentenceOf(Exception e, Func<Exception, string?>? explain) => e switch
    {
        OptionsValidationException options => string.Join(' ', options.Failures.Select(WithoutFrame).Distinct()),
        AddressInUseException or IOException { InnerException: AddressInUseException } =>
            $"{e.Message.TrimEnd('.')}. Set STELLARPAY_HTTP_PORT (or ASPNETCORE_URLS), STELLARPAY_SILO_PORT, STELLARPAY_GATEWAY_PORT or STELLARPAY_METRICS_PORT to a port that is free.",
        _ when SocketErrorOf(e) == SocketError.AddressNotAvailable =>
            $"{e.Message.TrimEnd('.')}. STELLARPAY_SILO_ADDRESS, STELLARPAY_METRICS_ADDRESS and ASPNETCORE_URLS must name addresses of this machine.",
        _ when SocketErrorOf(e) == SocketError.AccessDenied =>
            $"{e.Message.TrimEnd('.')}. This user may not open one of the ports that the settings name.",
        MigrationException or NetworkProfileException or KeyVaultStartException or PlatformKeyMissingException
            or OrleansException or OrleansConfigurationException => e.Message,
        // What the database answered means more to the program that asked.
        Npgsql.PostgresException when explain?.Invoke(e) is { } own => own,
        Npgsql.NpgsqlException database => $"PostgreSQL (STELLARPAY_POSTGRES) does not answer: {database.Message}",
        // How EF Core says that the database went away.
        InvalidOperationException { InnerException: Npgsql.NpgsqlException database } => SentenceOf(database, explain),
        AggregateException { InnerExceptions.Count: 1 } one => SentenceOf(one.InnerExceptions[0], explain),
        _ => explain?.Invoke(e),
    };

    // Kestrel puts another around it.
    private static SocketError? SocketErrorOf(Exception e) =>
        (e as SocketException ?? (e as IOException)?.InnerException as SocketException)?.SocketErrorCode;

    // Data annotations put "… validation failed for 'Class' members: 'Member' with the error: '…'." around our sentence.
    private static string WithoutFrame(string failure)
    {
        const string Before = " with the error: '";
        const string After = "'.";
        var start = failure.IndexOf(Before, StringComparison.Ordinal);
        return start >= 0 && failure.EndsWith(After, StringComparison.Ordinal)
            ? failure[(start + Before.Length)..^After.Length]
            : failure;
    }
}
