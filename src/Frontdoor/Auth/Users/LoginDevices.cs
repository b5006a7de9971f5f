using System.Security.Cryptography;
using Npgsql;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// The devices that are known of whoever has a name, for logins beyond what a network has. Read once a minute for a name and network, by
/// one statement that does the same for a name that nobody has; all others in that minute are answered from memory, whatever they call
/// themselves, so that a flood is no work for the database.
/// </summary>
internal sealed class LoginDevices(
    ContactIndex index, DeviceMarks marks, NpgsqlDataSource database, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    private const int MostRemembered = 4096;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Answer> _answers = new(StringComparer.Ordinal);

    /// <summary>The device by which somebody has logged in from there, as its mark; of a name that nobody has, never.</summary>
    public async Task<byte[]?> FindAsync(Contact name, LoginPlace place, CancellationToken cancellationToken)
    {
        var named = await index.OfAsync(name, cancellationToken);
        var (user, digests) = await AnswerOf(named, place).WaitAsync(cancellationToken);
        var mark = marks.Of(user, place.Client);
        return Array.Exists(digests, digest => CryptographicOperations.FixedTimeEquals(digest, mark)) ? mark : null;
    }

    private Task<(string User, byte[][] Digests)> AnswerOf(byte[] named, LoginPlace place)
    {
        var key = $"{Convert.ToHexStringLower(named)} {place.Address.WideRange}";
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_answers.TryGetValue(key, out var known) && now < known.Until && !known.Devices.IsFaulted)
            {
                return known.Devices;
            }

            if (_answers.Count >= MostRemembered)
            {
                // Each is twenty logins at least, so that this is no way to the database.
                _answers.Clear();
            }

            // For all who wait for it, whoever of them leaves.
            var read = Task.Run(() => ReadAsync(named, now), CancellationToken.None);
            _answers[key] = new Answer(read, now + Remembered);
            return read;
        }
    }

    private async Task<(string User, byte[][] Digests)> ReadAsync(byte[] named, DateTimeOffset now)
    {
        await using var look = database.CreateCommand("SELECT user_id, digests FROM identity.login_devices($1, $2, $3)");
        look.Parameters.AddWithValue(named);
        look.Parameters.AddWithValue(now);
        look.Parameters.AddWithValue(DeviceMarks.Known);
        await using var reader = await look.ExecuteReaderAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        return (reader.GetString(0), reader.GetFieldValue<byte[][]>(1));
    }

    private sealed record Answer(Task<(string User, byte[][] Digests)> Devices, DateTimeOffset Until);
}
