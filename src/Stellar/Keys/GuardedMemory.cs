using System.Runtime.InteropServices;

namespace StellarPay.Stellar.Keys;

/// <summary>
/// A block of libsodium's guarded memory: between guard pages, locked out of swap where the system allows it,
/// unreadable except inside <see cref="Read{TState}"/> and <see cref="Write{TState}"/>, wiped when freed.
/// </summary>
/// <remarks>Source: https://doc.libsodium.org/memory_management</remarks>
internal sealed unsafe class GuardedMemory : SafeHandle
{
    internal delegate void Reader<TState>(ReadOnlySpan<byte> memory, TState state) where TState : allows ref struct;

    internal delegate void Writer<TState>(Span<byte> memory, TState state) where TState : allows ref struct;

    private readonly Lock _access = new();
    private readonly int _length;

    internal GuardedMemory(int length)
        : base(0, ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        _length = length;
        var memory = Sodium.sodium_malloc((nuint)length);
        if (memory is null)
        {
            throw new InsufficientMemoryException("libsodium could not allocate guarded memory.");
        }
        SetHandle((nint)memory);
        Protect(Sodium.sodium_mprotect_noaccess(memory));
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Makes the block readable for the length of one call. One thread at a time.</summary>
    internal void Read<TState>(TState state, Reader<TState> reader) where TState : allows ref struct
    {
        lock (_access)
        {
            var memory = Enter();
            try
            {
                Protect(Sodium.sodium_mprotect_readonly(memory));
                reader(new ReadOnlySpan<byte>(memory, _length), state);
            }
            finally
            {
                Leave(memory);
            }
        }
    }

    /// <summary>Makes the block writable for the length of one call. One thread at a time.</summary>
    internal void Write<TState>(TState state, Writer<TState> writer) where TState : allows ref struct
    {
        lock (_access)
        {
            var memory = Enter();
            try
            {
                Protect(Sodium.sodium_mprotect_readwrite(memory));
                writer(new Span<byte>(memory, _length), state);
            }
            finally
            {
                Leave(memory);
            }
        }
    }

    protected override bool ReleaseHandle()
    {
        // sodium_free makes the block writable, checks its canary and wipes it before it gives it back.
        Sodium.sodium_free((void*)handle);
        return true;
    }

    // The reference keeps the block alive when another thread disposes of the key meanwhile.
    private void* Enter()
    {
        var entered = false;
        DangerousAddRef(ref entered);
        return (void*)handle;
    }

    private void Leave(void* memory)
    {
        Protect(Sodium.sodium_mprotect_noaccess(memory));
        DangerousRelease();
    }

    private static void Protect(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException("libsodium could not change the protection of guarded memory.");
        }
    }
}
