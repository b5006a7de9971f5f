using System.Security.Cryptography;

namespace StellarPay.Stellar.Keys;

/// <summary>
/// A number of secrets of one length in one block of libsodium's guarded memory: a block for each would take several
/// pages each. The block is unreadable except during a call, locked out of swap where the system allows it, and wiped
/// when disposed of. Safe for use by several threads, which take turns.
/// </summary>
/// <remarks>Source: https://doc.libsodium.org/memory_management</remarks>
public sealed class GuardedSlots : IDisposable
{
    private readonly GuardedMemory _memory;

    /// <summary>Takes the memory, all zero.</summary>
    /// <param name="count">How many secrets it holds.</param>
    /// <param name="length">The length of each, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    /// <exception cref="OverflowException">The memory would be larger than 2 GiB.</exception>
    /// <exception cref="DllNotFoundException">libsodium is not installed; the message says how to install it.</exception>
    public GuardedSlots(int count, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        (Count, Length) = (count, length);
        _memory = new GuardedMemory(checked(count * length));
        _memory.Write(0, static (memory, _) => memory.Clear());
    }

    /// <summary>How many secrets it holds.</summary>
    public int Count { get; }

    /// <summary>The length of each, in bytes.</summary>
    public int Length { get; }

    /// <summary>Copies a secret in. The caller's copy is the caller's to wipe.</summary>
    /// <exception cref="ArgumentException">The secret has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public void Write(int slot, ReadOnlySpan<byte> secret)
    {
        Check(slot, secret.Length);
        _memory.Write(new Copy(slot * Length, secret), static (memory, copy) =>
            copy.Secret.CopyTo(memory.Slice(copy.Offset, copy.Secret.Length)));
    }

    /// <summary>Copies a secret out. The copy is the caller's to wipe.</summary>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public void Read(int slot, Span<byte> destination)
    {
        Check(slot, destination.Length);
        _memory.Read(new Target(slot * Length, destination), static (memory, target) =>
            memory.Slice(target.Offset, target.Destination.Length).CopyTo(target.Destination));
    }

    /// <summary>Overwrites a secret with zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public void Wipe(int slot)
    {
        Check(slot, Length);
        _memory.Write((Offset: slot * Length, Length), static (memory, place) =>
            CryptographicOperations.ZeroMemory(memory.Slice(place.Offset, place.Length)));
    }

    /// <summary>Wipes all and gives the memory back.</summary>
    public void Dispose() => _memory.Dispose();

    private void Check(int slot, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Count);
        if (length != Length)
        {
            throw new ArgumentException($"A secret here is {Length} bytes.");
        }
    }

    private readonly ref struct Copy(int offset, ReadOnlySpan<byte> secret)
    {
        internal int Offset { get; } = offset;

        internal ReadOnlySpan<byte> Secret { get; } = secret;
    }

    private readonly ref struct Target(int offset, Span<byte> destination)
    {
        internal int Offset { get; } = offset;

        internal Span<byte> Destination { get; } = destination;
    }
}
