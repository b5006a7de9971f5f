using System.Security.Cryptography;
using System.Text;
using Npgsql;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// How names are found that the database does not have in clear: by HMACs of them (SHA-256), the same for the same name wherever it
/// stands. The key is random, made once, and kept as a sealed field of a subject of its own (docs/decisions/0053): so whoever exchanges
/// the keys that wrap data keys changes no index.
/// </summary>
internal sealed class ContactIndex(ISubjectKeys keys, NpgsqlDataSource database)
{
    private const int KeyBytes = 32;

    // No user's id, so that nobody's erasure takes it.
    private static readonly SubjectField KeyField = new("contact_index", "identity.contact_index", "key");

    private byte[]? _key;

    /// <summary>The index of a name.</summary>
    public async ValueTask<byte[]> OfAsync(Contact contact, CancellationToken cancellationToken) => HMACSHA256.HashData(
        _key ??= await ReadAsync(cancellationToken), Encoding.UTF8.GetBytes($"{contact.KindName}\0{contact.Key}"));

    // Of several front doors that start at once one stores a key, and all read that one.
    private async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } stored)
        {
            var made = await keys.SealAsync(KeyField, RandomNumberGenerator.GetBytes(KeyBytes), cancellationToken);
            await using var add = database.CreateCommand("INSERT INTO identity.contact_index (key) VALUES ($1) ON CONFLICT DO NOTHING");
            add.Parameters.AddWithValue(made);
            await add.ExecuteNonQueryAsync(cancellationToken);
            stored = await FindAsync(cancellationToken)
                ?? throw new InvalidOperationException("The key of the index of names is gone that had just been stored.");
        }

        return await keys.OpenAsync(KeyField, stored, cancellationToken)
            ?? throw new InvalidOperationException("The key of the index of names was destroyed: nobody can be found any more.");
    }

    private async Task<byte[]?> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT key FROM identity.contact_index");
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }
}
