using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Keys.Subjects;

/// <summary>
/// AES-256-GCM by field, with the field's place as associated data. Data keys in clear are kept for a while in guarded memory; the row
/// of the wrapped key is read each time, so that an erased subject's key is of no use to any process from that moment on.
/// </summary>
internal sealed class SubjectKeys : ISubjectKeys, IDisposable
{
    private const int PageSize = 64;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 1 + NonceLength;

    // The first byte of a sealed field, so that another form can follow.
    private const byte FormatVersion = 1;

    private readonly IKeyEncryptionKey _keeper;
    private readonly ISubjectKeyStore _store;
    private readonly IAuditLog _audit;

    // Of what may be kept, for those who have confirmed nothing: whoever makes up accounts pushes out others like him, and nobody else.
    private const int StrangersPart = 8;

    // Its own, so that many people who log in do not push the wallets' keys out of theirs.
    private readonly DataKeyCache _dataKeys;
    private readonly DataKeyCache _strangers;

    public SubjectKeys(
        [FromKeyedServices(ISubjectKeys.Keeper)] IKeyEncryptionKey keeper,
        ISubjectKeyStore store,
        IAuditLog audit,
        IOptions<KeyOptions> options,
        TimeProvider time)
    {
        (_keeper, _store, _audit) = (keeper, store, audit);
        var strangers = Math.Max(1, options.Value.DataKeyCacheSize / StrangersPart);
        _dataKeys = new DataKeyCache(options, time, Math.Max(1, options.Value.DataKeyCacheSize - strangers));
        _strangers = new DataKeyCache(options, time, strangers);
    }

    public void Dispose()
    {
        _dataKeys.Dispose();
        _strangers.Dispose();
    }

    public async Task<byte[]> SealAsync(SubjectField field, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, ISubjectKeys.MostBytes, nameof(plain));
        var stored = await _store.FindAsync(field.Subject, cancellationToken) ?? await MakeAsync(field.Subject, cancellationToken);
        return stored.Wrapped is { } wrapped
            ? await UseAsync(field, stored, wrapped, "field.seal", dataKey => Seal(field, plain.Span, dataKey), cancellationToken)
            : throw new SubjectErasedException();
    }

    public async Task<byte[]?> OpenAsync(SubjectField field, ReadOnlyMemory<byte> sealedField, CancellationToken cancellationToken) =>
        await OpenAsync([new SealedField(field, sealedField)], cancellationToken) is [{ } opened] ? opened : null;

    public async Task<IReadOnlyList<byte[]>?> OpenAsync(IReadOnlyList<SealedField> fields, CancellationToken cancellationToken)
    {
        if (fields.Count == 0)
        {
            return [];
        }

        var first = fields[0].Place;
        if (fields.Any(field => field.Place.Subject != first.Subject))
        {
            throw new ArgumentException("The fields are of more than one subject.", nameof(fields));
        }

        var stored = await _store.FindAsync(first.Subject, cancellationToken)
            ?? throw new CryptographicException("Nothing was ever sealed for this subject.");
        return stored.Wrapped is { } wrapped
            ? await UseAsync(first, stored, wrapped, "field.open", dataKey => OpenAll(fields, dataKey), cancellationToken)
            : null;
    }

    public async Task EraseAsync(string actor, string subject, CancellationToken cancellationToken)
    {
        await _audit.AppendAsync(new AuditEntry(actor, "subject.erase", subject), cancellationToken);
        var before = await _store.FindAsync(subject, cancellationToken);
        await _store.EraseAsync(subject, cancellationToken);
        if (before?.Wrapped is { } wrapped)
        {
            Forget(wrapped);
        }
    }

    public async Task<RewrappedPage> RewrapPageAsync(string? after, CancellationToken cancellationToken)
    {
        var page = await _store.ReadOthersAsync(_keeper.CurrentKeyId, after, PageSize, cancellationToken);
        var failed = 0;
        foreach (var (subject, key) in page)
        {
            try
            {
                await RewrapAsync(subject, key, cancellationToken);
            }
            catch (CryptographicException)
            {
                // The others do not wait for one whose key-encryption key is missing.
                failed++;
            }
        }

        return new RewrappedPage(page.Count == 0 ? null : page[^1].Subject, failed);
    }

    private async Task<StoredSubjectKey> MakeAsync(string subject, CancellationToken cancellationToken)
    {
        var dataKey = GC.AllocateUninitializedArray<byte>(DataKeyCache.KeyLength, pinned: true);
        try
        {
            RandomNumberGenerator.Fill(dataKey);
            var wrapped = await _keeper.WrapAsync(dataKey, cancellationToken);
            var stored = await _store.AddAsync(subject, wrapped, cancellationToken);
            if (stored.Wrapped is { } his && his.Bytes.AsSpan().SequenceEqual(wrapped.Bytes))
            {
                // There is no user yet, and he will have confirmed nothing.
                _strangers.Put(his, dataKey);
            }

            return stored;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    // Whoever has confirmed something since has his key where it was until its time is over.
    private async Task<T> UseAsync<T>(
        SubjectField field, StoredSubjectKey stored, WrappedKey wrapped, string purpose, DataKeyUse<T> use,
        CancellationToken cancellationToken) =>
        !stored.IsStrangers && _strangers.TryUse(wrapped.Bytes, use, out var result)
            ? result
            : await (stored.IsStrangers ? _strangers : _dataKeys).UseAsync(
                wrapped,
                async stop =>
                {
                    await TellAsync(field.Subject, wrapped, $"{purpose} {field.Table}.{field.Column}", field.IsPersonal, stop);
                    return await _keeper.CountedUnwrapAsync(wrapped, stop);
                },
                use,
                cancellationToken);

    private void Forget(WrappedKey wrapped)
    {
        _dataKeys.Forget(wrapped);
        _strangers.Forget(wrapped);
    }

    // What comes back is unwrapped once more and compared, as a seed's is: a key that cannot be unwrapped is a person's data lost.
    private async Task RewrapAsync(string subject, WrappedKey old, CancellationToken cancellationToken)
    {
        await TellAsync(subject, old, $"key.rewrap {_keeper.CurrentKeyId}", daily: false, cancellationToken);
        byte[]? dataKey = null;
        byte[]? again = null;
        try
        {
            dataKey = await _keeper.CountedUnwrapAsync(old, cancellationToken);
            var wrapped = await _keeper.WrapAsync(dataKey, cancellationToken);
            again = await _keeper.CountedUnwrapAsync(wrapped, cancellationToken);
            if (!CryptographicOperations.FixedTimeEquals(dataKey, again))
            {
                throw new CryptographicException("The data key that was wrapped anew does not come back.");
            }

            // Where it fails another process was first, or the subject has been erased.
            await _store.ReplaceAsync(subject, old, wrapped, cancellationToken);
            Forget(old);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
            CryptographicOperations.ZeroMemory(again);
        }
    }

    private Task TellAsync(string subject, WrappedKey wrapped, string purpose, bool daily, CancellationToken cancellationToken)
    {
        var detail = new Dictionary<string, string> { ["key_id"] = wrapped.KeyId, ["purpose"] = purpose };
        if (daily)
        {
            detail["noted"] = "first of the day";
        }

        var entry = new AuditEntry(subject, "key.unwrap", subject, JsonSerializer.SerializeToElement(detail));
        return daily ? _audit.AppendDailyAsync(entry, purpose, cancellationToken) : _audit.AppendAsync(entry, cancellationToken);
    }

    private static byte[] Seal(SubjectField field, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> dataKey)
    {
        var bytes = new byte[HeadLength + plain.Length + TagLength];
        bytes[0] = FormatVersion;
        var nonce = bytes.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(dataKey, TagLength);
        aes.Encrypt(nonce, plain, bytes.AsSpan(HeadLength, plain.Length), bytes.AsSpan(bytes.Length - TagLength), PlaceOf(field));
        return bytes;
    }

    private static byte[][] OpenAll(IReadOnlyList<SealedField> fields, ReadOnlySpan<byte> dataKey)
    {
        var opened = new byte[fields.Count][];
        for (var at = 0; at < opened.Length; at++)
        {
            opened[at] = Open(fields[at].Place, fields[at].Bytes.Span, dataKey);
        }

        return opened;
    }

    private static byte[] Open(SubjectField field, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> dataKey)
    {
        if (bytes.Length < HeadLength + TagLength || bytes[0] != FormatVersion)
        {
            throw new CryptographicException("These bytes are no sealed field.");
        }

        var plain = new byte[bytes.Length - HeadLength - TagLength];
        using var aes = new AesGcm(dataKey, TagLength);
        aes.Decrypt(bytes[1..HeadLength], bytes[HeadLength..^TagLength], bytes[^TagLength..], plain, PlaceOf(field));
        return plain;
    }

    // Each part with its length: no two places give the same bytes.
    private static byte[] PlaceOf(SubjectField field)
    {
        using var place = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in new[] { field.Subject, field.Table, field.Column, field.Row })
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            place.Write(length);
            place.Write(bytes);
        }

        return place.ToArray();
    }
}
