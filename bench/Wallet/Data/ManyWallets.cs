using System.Buffers.Text;
using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Bench.Wallet.Load;
using StellarPay.Grains.Identifiers;
using StellarPay.Stellar;

namespace StellarPay.Bench.Wallet.Data;

/// <summary>
/// Fills the database with wallets as a long life would: users, states, addresses, events, each copied from one that came
/// about by signing up and paying. They are not on the ledger, for that is the network's size and not ours. Nobody is found by
/// their names, which only a front door could index. Each has a session whose refresh token is known here.
/// </summary>
internal sealed class ManyWallets(string connectionString, int port)
{
    private const int Parallelism = 16;
    private const int KeyBytes = 32;

    private const string Table =
        "CREATE TEMP TABLE many (user_id text, wallet_id text, address text, session_id text, token_hash bytea, family_hash bytea) ON COMMIT DROP";

    private const string Fill =
        """
        INSERT INTO identity.users (
            id, email, email_index, email_confirmed, password_hash, security_stamp, concurrency_stamp, created_at)
        SELECT m.user_id, u.email, sha256(convert_to(m.user_id, 'UTF8')), true, u.password_hash, u.security_stamp,
               u.concurrency_stamp, now()
        FROM many m, identity.users u WHERE 'wal_' || substr(u.id, 5) = $1;

        INSERT INTO grain_state (service_id, state_name, grain_key, payload, version)
        SELECT s.service_id, s.state_name, m.wallet_id,
               s.payload || jsonb_build_object('owner', m.user_id, 'address', m.address), s.version
        FROM many m, grain_state s WHERE s.state_name = 'wallet' AND s.grain_key = $1;

        INSERT INTO grain_rows (service_id, state_name, grain_key, row_key, payload)
        SELECT r.service_id, r.state_name, m.wallet_id, r.row_key, r.payload
        FROM many m, grain_rows r WHERE r.state_name = 'wallet' AND r.grain_key = $1;

        INSERT INTO ledger_addresses (service_id, address, owner_kind, owner_key)
            SELECT 'stellarpay', address, 'wallet', wallet_id FROM many;

        INSERT INTO events (event_id, service_id, type, subject, owner, occurred_at, data)
        SELECT 'evt_' || substr(m.user_id, 5) || e.type, e.service_id, e.type, m.wallet_id, m.user_id, e.occurred_at,
               e.data || jsonb_build_object('walletId', m.wallet_id, 'address', m.address)
        FROM many m, events e WHERE e.subject = $1 AND e.type IN ('wallet.created', 'wallet.opened', 'wallet.activated');

        INSERT INTO identity.sessions (id, user_id, created_at, expires_at, last_used_at, family_hash, access_ends_at)
        SELECT session_id, user_id, now(), now() + interval '7 days', now(), family_hash, now() + interval '1 hour' FROM many;

        INSERT INTO identity.refresh_tokens (token_hash, session_id, issued_at, expires_at)
        SELECT token_hash, session_id, now(), now() + interval '7 days' FROM many;
        """;

    private readonly List<(string UserId, string RefreshToken)> _users = [];

    public async Task AddAsync(int count, Person like)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, Table);
        await CopyAsync(connection, count);
        foreach (var statement in Fill.Split(";\n", StringSplitOptions.RemoveEmptyEntries))
        {
            await ExecuteAsync(connection, statement, [.. Arguments(statement, like)]);
        }

        await transaction.CommitAsync();
        await ExecuteAsync(connection, "ANALYZE");
        await ExecuteAsync(connection, "CHECKPOINT");
    }

    /// <summary>Waits until the read tables have taken in the new events.</summary>
    public async Task CatchUpAsync()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        const string Behind =
            "SELECT EXISTS (SELECT FROM events e WHERE (e.xid, e.id) > (SELECT p.xid, p.id FROM projections p WHERE p.name = 'payments'))";
        await using var behind = new NpgsqlCommand(Behind, connection);
        while (await behind.ExecuteScalarAsync() is true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Some of them with an access token each, had for their refresh tokens at the front door.</summary>
    public async Task<Person[]> LogInAsync(int count)
    {
        var people = new Person[count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Parallelism).Select(async _ =>
        {
            using var wire = await WireConnection.OpenAsync(port);
            while (Interlocked.Increment(ref next) is var i && i < count)
            {
                var (user, token) = _users[i];
                var reply = await wire.PostAsync("/v1/auth/refresh", null, $$"""{"refresh_token":"{{token}}"}""");
                var access = reply.Require("A refresh").GetProperty("access_token").GetString()!;
                people[i] = new Person($"{user}@many.example", WalletId.Of(UserId.Parse(user)).Value, access);
            }
        }));
        return people;
    }

    private async Task CopyAsync(NpgsqlConnection connection, int count)
    {
        await using var copy = await connection.BeginBinaryImportAsync("COPY many FROM STDIN (FORMAT BINARY)");
        for (var i = 0; i < count; i++)
        {
            var user = UserId.New(TimeProvider.System);
            var random = RandomNumberGenerator.GetBytes(KeyBytes);
            await copy.StartRowAsync();
            await copy.WriteAsync(user.Value);
            await copy.WriteAsync(WalletId.Of(user).Value);
            await copy.WriteAsync(new AccountId(RandomNumberGenerator.GetBytes(KeyBytes)).ToString());
            await copy.WriteAsync("ses_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes / 2)));
            await copy.WriteAsync(SHA256.HashData(random), NpgsqlDbType.Bytea);
            // Of what a refresh token's family is known by: its first 96 bits.
            await copy.WriteAsync(SHA256.HashData(random.AsSpan(0, 12)), NpgsqlDbType.Bytea);
            _users.Add((user.Value, "rt_" + Base64Url.EncodeToString(random)));
        }

        await copy.CompleteAsync();
    }

    private static IEnumerable<string> Arguments(string statement, Person like) =>
        !statement.Contains("$1", StringComparison.Ordinal) ? []
            : [like.WalletId];

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params string[] arguments)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var argument in arguments)
        {
            command.Parameters.AddWithValue(argument);
        }

        await command.ExecuteNonQueryAsync();
    }
}
