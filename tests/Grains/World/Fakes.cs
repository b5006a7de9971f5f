using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.World;

/// <summary>A key-encryption key in memory, and every data key that it ever unwrapped.</summary>
internal sealed class MemoryKeyEncryptionKey : IKeyEncryptionKey
{
    private readonly ConcurrentDictionary<string, byte[]> _keys = new() { ["kek-1"] = RandomNumberGenerator.GetBytes(32) };

    public string CurrentKeyId { get; private set; } = "kek-1";

    public IReadOnlyCollection<string> KeyIds => [.. _keys.Keys];

    /// <summary>Whether the keeper is away: it neither wraps nor unwraps.</summary>
    public bool Down { get; set; }

    /// <summary>What each answer of the keeper waits for; null for nothing.</summary>
    public Func<Task>? BeforeAnswer { get; set; }

    /// <summary>Another key wraps from now on.</summary>
    public void Rotate()
    {
        var id = $"kek-{_keys.Count + 1}";
        _keys[id] = RandomNumberGenerator.GetBytes(32);
        CurrentKeyId = id;
    }

    /// <summary>Destroys a key: what it wrapped is lost.</summary>
    public void Destroy(string keyId) => _keys.TryRemove(keyId, out _);

    /// <summary>What it wrapped.</summary>
    public ConcurrentQueue<WrappedKey> Wrapped { get; } = [];

    /// <summary>The data keys handed out: the receiver must have wiped them.</summary>
    public ConcurrentBag<byte[]> HandedOut { get; } = [];

    public async Task<WrappedKey> WrapAsync(ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken)
    {
        await (BeforeAnswer?.Invoke() ?? Task.CompletedTask);
        RequireUp();
        var keyId = CurrentKeyId;
        var bytes = new byte[12 + dataKey.Length + 16];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, 12));
        using var aes = new AesGcm(_keys[keyId], 16);
        aes.Encrypt(bytes.AsSpan(0, 12), dataKey.Span, bytes.AsSpan(12, dataKey.Length), bytes.AsSpan(12 + dataKey.Length));
        var wrapped = new WrappedKey(keyId, bytes);
        Wrapped.Enqueue(wrapped);
        return wrapped;
    }

    public async Task<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        await (BeforeAnswer?.Invoke() ?? Task.CompletedTask);
        RequireUp();
        var dataKey = Unwrap(wrapped);
        HandedOut.Add(dataKey);
        return dataKey;
    }

    /// <summary>For tests that look behind the curtain.</summary>
    public byte[] Unwrap(WrappedKey wrapped)
    {
        var dataKey = new byte[wrapped.Bytes.Length - 28];
        using var aes = new AesGcm(
            _keys.TryGetValue(wrapped.KeyId, out var key) ? key : throw new CryptographicException("No such key."), 16);
        var bytes = wrapped.Bytes.AsSpan();
        aes.Decrypt(bytes[..12], bytes.Slice(12, dataKey.Length), bytes[^16..], dataKey);
        return dataKey;
    }

    private void RequireUp()
    {
        if (Down)
        {
            throw new KeyEncryptionUnavailableException("The vault is away.");
        }
    }
}

internal sealed class MemoryAuditLog : IAuditLog, IAuditCheckpoints
{
    public ConcurrentQueue<AuditEntry> Entries { get; } = [];

    /// <summary>The checkpoints that were appended.</summary>
    public ConcurrentQueue<AuditHead> Checkpoints { get; } = [];

    /// <summary>Whether the log cannot be reached.</summary>
    public bool Down { get; set; }

    async Task<AuditHead> IAuditCheckpoints.AppendAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (Down)
        {
            throw new IOException("The audit log is away.");
        }

        var head = new AuditHead(Checkpoints.Count + 1, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        Checkpoints.Enqueue(head);
        return head;
    }

    public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        Entries.Enqueue(entry);
        return Task.CompletedTask;
    }

    // Nothing that is tested with it is noted by the day.
    public Task AppendDailyAsync(AuditEntry entry, string kind, CancellationToken cancellationToken) =>
        AppendAsync(entry, cancellationToken);
}

/// <summary>What a test armed the fault points with; each goes off once.</summary>
internal sealed class ArmedFaultPoints
{
    private readonly ConcurrentDictionary<string, (Func<SiloAddress, Task> Action, SiloAddress? Only)> _armed = [];

    /// <summary>The action gets the silo on which execution has come to the point: any, or the only one where it goes off.</summary>
    public void Arm(string point, Func<SiloAddress, Task> action, SiloAddress? only = null) => _armed[point] = (action, only);

    public void Clear() => _armed.Clear();

    public Task HitAsync(string point, SiloAddress silo) =>
        _armed.TryGetValue(point, out var armed) && armed.Only?.Equals(silo) != false
            && _armed.TryRemove(KeyValuePair.Create(point, armed))
            ? armed.Action(silo)
            : Task.CompletedTask;
}

/// <summary>The fault points of one silo.</summary>
internal sealed class SiloFaultPoints(ArmedFaultPoints armed, SiloAddress silo) : IFaultPoints
{
    public Task HitAsync(string point, string subject) => armed.HitAsync(point, silo);
}

/// <summary>Keeps every log line, with its parameters and exceptions.</summary>
internal sealed class CapturingLoggerProvider : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(CapturingLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            provider.Lines.Enqueue($"{logLevel} {category} {eventId.Id} {formatter(state, exception)} {exception}");
    }
}
