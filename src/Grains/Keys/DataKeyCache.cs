using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using StellarPay.Stellar.Keys;

namespace StellarPay.Grains.Keys;

/// <summary>What is done with a data key in clear; it keeps no copy.</summary>
internal delegate T DataKeyUse<T>(ReadOnlySpan<byte> dataKey);

/// <summary>
/// Unwrapped data keys, for a while and under a key in guarded memory, so that not every signature asks the keeper of the
/// key-encryption key. A key is wiped when its time is over (counted from its unwrapping, however often it is used), when
/// its place is needed, when it is forgotten, and at the end of the process. Whoever needs a key that is being unwrapped
/// waits for that.
/// </summary>
internal sealed class DataKeyCache : IDisposable
{
    public const int KeyLength = 32;

    private const int MinWrappedLength = 4;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;
    private readonly GuardedSlots? _keys;
    private readonly Slot[] _slots = [];
    private readonly Stack<int> _free = [];
    private readonly Dictionary<byte[], int> _places = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], TaskCompletionSource> _unwrapping = new(BytesComparer.Instance);
    private readonly ITimer? _sweep;
    private int _hand;
    private bool _disposed;

    public DataKeyCache(IOptions<KeyOptions> options, TimeProvider time, int? part = null)
    {
        var size = part ?? options.Value.DataKeyCacheSize;
        _time = time;
        _lifetime = TimeSpan.FromSeconds(options.Value.DataKeyCacheSeconds);
        if (_lifetime == TimeSpan.Zero)
        {
            return;
        }

        _keys = new GuardedSlots(size, KeyLength);
        _slots = new Slot[size];
        for (var place = size - 1; place >= 0; place--)
        {
            _free.Push(place);
        }

        _sweep = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>Whether keys are kept at all.</summary>
    public bool IsKept => _lifetime > TimeSpan.Zero;

    /// <summary>How many keys are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _places.Count;
            }
        }
    }

    /// <summary>Uses a data key: the kept one, or the one that <paramref name="unwrapAsync"/> gives, whose bytes are wiped.</summary>
    public async Task<T> UseAsync<T>(
        WrappedKey wrapped, Func<CancellationToken, Task<byte[]>> unwrapAsync, DataKeyUse<T> use,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryUse(wrapped.Bytes, use, out var result))
            {
                return result;
            }

            if (BeginUnwrapping(wrapped.Bytes) is not { } others)
            {
                return await UnwrapAsync(wrapped.Bytes, unwrapAsync, use, cancellationToken);
            }

            await others.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Uses a data key if it is kept.</summary>
    public bool TryUse<T>(byte[] wrapped, DataKeyUse<T> use, out T result)
    {
        Span<byte> dataKey = stackalloc byte[KeyLength];
        try
        {
            lock (_lock)
            {
                if (_keys is null || _disposed || !_places.TryGetValue(wrapped, out var place) || IsOver(_slots[place]))
                {
                    result = default!;
                    return false;
                }

                _slots[place].Used = true;
                _keys.Read(place, dataKey);
            }

            result = use(dataKey);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>Keeps a data key. The caller's copy is the caller's to wipe.</summary>
    public void Put(WrappedKey wrapped, ReadOnlySpan<byte> dataKey)
    {
        // Bytes that are too short to be a wrapped key are not worth a place, and are not compared.
        if (_keys is null || dataKey.Length != KeyLength || wrapped.Bytes.Length < MinWrappedLength)
        {
            return;
        }

        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            if (!_places.TryGetValue(wrapped.Bytes, out var place))
            {
                place = TakePlace();
                _places.Add(wrapped.Bytes, place);
            }

            _keys.Write(place, dataKey);
            _slots[place] = new Slot(wrapped.Bytes, _time.GetTimestamp());
        }
    }

    /// <summary>Wipes a data key that will not be asked for again.</summary>
    public void Forget(WrappedKey wrapped)
    {
        lock (_lock)
        {
            if (!_disposed && _places.TryGetValue(wrapped.Bytes, out var place))
            {
                Evict(place);
            }
        }
    }

    public void Dispose()
    {
        _sweep?.Dispose();
        lock (_lock)
        {
            _disposed = true;
            _places.Clear();
            _keys?.Dispose();
        }
    }

    // Null where it falls to the caller to unwrap; else the end of somebody's unwrapping.
    private Task? BeginUnwrapping(byte[] wrapped)
    {
        if (_keys is null)
        {
            return null;
        }

        lock (_lock)
        {
            if (_unwrapping.TryGetValue(wrapped, out var others))
            {
                return others.Task;
            }

            _unwrapping.Add(wrapped, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return null;
        }
    }

    private async Task<T> UnwrapAsync<T>(
        byte[] wrapped, Func<CancellationToken, Task<byte[]>> unwrapAsync, DataKeyUse<T> use,
        CancellationToken cancellationToken)
    {
        byte[]? dataKey = null;
        Exception? failure = null;
        try
        {
            dataKey = await unwrapAsync(cancellationToken);
            Put(new WrappedKey("", wrapped), dataKey);
            return use(dataKey);
        }
        catch (Exception exception) when (dataKey is null)
        {
            failure = exception;
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
            EndUnwrapping(wrapped, failure);
        }
    }

    private void EndUnwrapping(byte[] wrapped, Exception? failure)
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            _unwrapping.Remove(wrapped, out waiting);
        }

        // Who waited shares a failure, but not another's impatience: after that it tries for itself.
        if (failure is null or OperationCanceledException)
        {
            waiting?.SetResult();
        }
        else
        {
            waiting?.SetException(failure);
            _ = waiting?.Task.Exception;
        }
    }

    private int TakePlace()
    {
        if (_free.TryPop(out var free))
        {
            return free;
        }

        // The clock: who was used since the hand came by last may stay for another round.
        while (true)
        {
            var place = _hand;
            _hand = (_hand + 1) % _slots.Length;
            if (!_slots[place].Used || IsOver(_slots[place]))
            {
                Evict(place);
                return _free.Pop();
            }

            _slots[place].Used = false;
        }
    }

    private void Sweep()
    {
        lock (_lock)
        {
            if (_disposed || _places.Count == 0)
            {
                return;
            }

            for (var place = 0; place < _slots.Length; place++)
            {
                if (_slots[place].Wrapped is not null && IsOver(_slots[place]))
                {
                    Evict(place);
                }
            }
        }
    }

    private void Evict(int place)
    {
        _places.Remove(_slots[place].Wrapped!);
        _slots[place] = default;
        _keys!.Wipe(place);
        _free.Push(place);
    }

    private bool IsOver(Slot slot) => _time.GetElapsedTime(slot.Since) >= _lifetime;

    private record struct Slot(byte[]? Wrapped, long Since)
    {
        public bool Used { get; set; }
    }

    // Wrapped keys are random bytes; any four of them are a hash.
    private sealed class BytesComparer : IEqualityComparer<byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) =>
            obj.Length < MinWrappedLength ? obj.Length : BinaryPrimitives.ReadInt32LittleEndian(obj.AsSpan(obj.Length - MinWrappedLength));
    }
}
