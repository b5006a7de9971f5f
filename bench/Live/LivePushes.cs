using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Bench.Wallet.Load;

namespace StellarPay.Bench.Live;

/// <summary>Changes of balances, as events that a wallet would have written with its state. Each says when it was sent.</summary>
internal static class LivePushes
{
    /// <summary>How many write at once; each has users of its own.</summary>
    public const int Writers = 4;

    private const int PerSecond = 500;
    private const string Append = "SELECT events_append('stellarpay', $1)";
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(3);

    /// <summary>Sends for a while, and gives how many were sent.</summary>
    public static async Task<int> RunAsync(string connectionString, Person[] people, TimeSpan during)
    {
        var sent = 0;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(Append, connection);
            var outbox = command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Jsonb });

            // A writer has users of its own, so that one user's changes have one order.
            for (var i = writer; Stopwatch.GetElapsedTime(began) < during; i += Writers)
            {
                var due = TimeSpan.FromSeconds((double)i / PerSecond) - Stopwatch.GetElapsedTime(began);
                if (due > TimeSpan.Zero)
                {
                    await Task.Delay(due);
                }

                outbox.Value = OutboxOf(people[(i / Writers % (people.Length / Writers) * Writers) + writer], i);
                await command.ExecuteNonQueryAsync();
                Interlocked.Increment(ref sent);
            }
        }));
        await Task.Delay(Last);
        return sent;
    }

    private static string OutboxOf(Person person, int number) => JsonSerializer.Serialize(new[]
    {
        new
        {
            id = string.Create(CultureInfo.InvariantCulture, $"evt_live{number}"),
            type = "wallet.balance_changed",
            at = TimeProvider.System.GetUtcNow(),
            subject = person.WalletId,
            owner = "usr_" + person.WalletId["wal_".Length..],
            data = new
            {
                walletId = person.WalletId,
                address = "",
                status = "active",
                balances = new[] { new { asset = "native", balance = "1.0000000", reserved = "0.0000000", spendable = "1.0000000" } },
                revision = LiveClients.Microseconds(),
            },
        },
    });
}
