using StellarPay.Grains.Results;

namespace StellarPay.Grains.Payments;

/// <summary>
/// The idempotency keys of one grain, as long as it is active. They are read once, at the first request that has a key;
/// after that only a grain with very many asks again. What it does not see, the write refuses.
/// </summary>
internal sealed class KeyMemory(IIdempotencyIndex index, string grainKey)
{
    /// <summary>The most keys that are kept in memory.</summary>
    public const int MaxKept = 512;

    private readonly Dictionary<string, IdempotencyKeyEntry> _kept = [];
    private bool _read;
    private bool _isWhole;

    /// <summary>What was answered before; null if the key is new; or an error if it was used otherwise.</summary>
    public async Task<Result<string>?> FindAsync(
        string operation, string? key, string fingerprint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            return null;
        }

        var hash = IdempotencyLedger.HashOf(operation, key);
        var entry = await EntryAsync(hash, now, cancellationToken);
        return entry is null || entry.Until <= now ? null : IdempotencyLedger.Answer(entry.Subject, entry.Fingerprint == fingerprint);
    }

    /// <summary>An answer that the write under way stores; null without a key.</summary>
    public IdempotencyKeyEntry? Remember(string operation, string? key, string fingerprint, string subject, DateTimeOffset now)
    {
        if (key is null)
        {
            return null;
        }

        var hash = IdempotencyLedger.HashOf(operation, key);
        var entry = new IdempotencyKeyEntry(hash, fingerprint, subject, now + IdempotencyLedger.Lifetime);
        if (_isWhole)
        {
            Keep(entry, now);
        }

        return entry;
    }

    private async Task<IdempotencyKeyEntry?> EntryAsync(string hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!_read)
        {
            var all = await index.ReadAsync(grainKey, now, MaxKept + 1, cancellationToken);
            // Another may have read them meanwhile, and have come to know more since.
            if (!_read)
            {
                (_read, _isWhole) = (true, all.Count <= MaxKept);
                foreach (var entry in _isWhole ? all : [])
                {
                    _kept[entry.Hash] = entry;
                }
            }
        }

        return _isWhole ? _kept.GetValueOrDefault(hash) : await index.FindAsync(grainKey, hash, now, cancellationToken);
    }

    private void Keep(IdempotencyKeyEntry entry, DateTimeOffset now)
    {
        if (_kept.Count >= MaxKept)
        {
            foreach (var old in _kept.Values.Where(k => k.Until <= now).ToList())
            {
                _kept.Remove(old.Hash);
            }
        }

        _isWhole = _kept.Count < MaxKept;
        if (_isWhole)
        {
            _kept[entry.Hash] = entry;
        }
        else
        {
            _kept.Clear();
        }
    }
}
