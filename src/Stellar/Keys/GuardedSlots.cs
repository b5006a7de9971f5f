using System.Security.Cryptography;
using NSec.Cryptography;

namespace StellarPay.Stellar.Keys;

/// <summary>
/// A number of secrets of one length. They lie encrypted in ordinary memory; the key to them is this object's own and
/// in NSec's guarded memory, between guard pages and locked out of swap where the system allows it. So thousands of
/// secrets cost one guarded block, where a block for each would take several pages each. Safe for use by several
/// threads, which take turns.
/// </summary>
/// <remarks>Source: https://nsec.rocks/docs/api/nsec.cryptography.key</remarks>
public sealed class GuardedSlots : IDisposable
{
    // Its nonce is long enough to be drawn, and it needs no instruction that a processor may lack.
    private static readonly AeadAlgorithm Cipher = AeadAlgorithm.XChaCha20Poly1305;

    private readonly Lock _access = new();
    private readonly Key _key = Key.Create(Cipher);
    private readonly bool[] _full;
    private readonly byte[] _slots;
    private readonly int _slotLength;
    private bool _disposed;

    /// <summary>Takes the memory, all zero.</summary>
    /// <param name="count">How many secrets it holds.</param>
    /// <param name="length">The length of each, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    /// <exception cref="OverflowException">The memory would be larger than 2 GiB.</exception>
    public GuardedSlots(int count, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        (Count, Length) = (count, length);
        _slotLength = checked(Cipher.NonceSize + length + Cipher.TagSize);
        _full = new bool[count];
        // Pinned, so that the collector leaves no copy behind when it moves things.
        _slots = GC.AllocateArray<byte>(checked(count * _slotLength), pinned: true);
    }

    /// <summary>How many secrets it holds.</summary>
    public int Count { get; }

    /// <summary>The length of each, in bytes.</summary>
    public int Length { get; }

    /// <summary>Puts a secret in. The caller's copy is the caller's to wipe.</summary>
    /// <exception cref="ArgumentException">The secret has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public void Write(int slot, ReadOnlySpan<byte> secret)
    {
        lock (_access)
        {
            var (nonce, ciphertext) = Open(slot, secret.Length);
            RandomNumberGenerator.Fill(nonce);
            Cipher.Encrypt(_key, nonce, [], secret, ciphertext);
            _full[slot] = true;
        }
    }

    /// <summary>Copies a secret out; zeros where there is none. The copy is the caller's to wipe.</summary>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
    /// <exception cref="CryptographicException">The memory was overwritten by something else.</exception>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public void Read(int slot, Span<byte> destination)
    {
        lock (_access)
        {
            var (nonce, ciphertext) = Open(slot, destination.Length);
            if (!_full[slot])
            {
                destination.Clear();
            }
            else if (!Cipher.Decrypt(_key, nonce, [], ciphertext, destination))
            {
                throw new CryptographicException("A secret in memory is no longer what was put there.");
            }
        }
    }

    /// <summary>Overwrites a secret; it reads as zeros from then on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public void Wipe(int slot)
    {
        lock (_access)
        {
            var (nonce, ciphertext) = Open(slot, Length);
            CryptographicOperations.ZeroMemory(nonce);
            CryptographicOperations.ZeroMemory(ciphertext);
            _full[slot] = false;
        }
    }

    /// <summary>Wipes the key and all secrets.</summary>
    public void Dispose()
    {
        lock (_access)
        {
            _disposed = true;
            _key.Dispose();
            CryptographicOperations.ZeroMemory(_slots);
        }
    }

    private Slot Open(int slot, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Count);
        if (length != Length)
        {
            throw new ArgumentException($"A secret here is {Length} bytes.");
        }

        return new Slot(_slots.AsSpan(slot * _slotLength, _slotLength));
    }

    private readonly ref struct Slot(Span<byte> bytes)
    {
        private readonly Span<byte> _bytes = bytes;

        public void Deconstruct(out Span<byte> nonce, out Span<byte> ciphertext)
        {
            nonce = _bytes[..Cipher.NonceSize];
            ciphertext = _bytes[Cipher.NonceSize..];
        }
    }
}
