using System.Security.Cryptography;

namespace StellarPay.Grains.Keys.Subjects;

/// <summary>
/// Encrypts single fields under a data key of whom they are about (docs/decisions/0041). A subject's key is made when his first
/// field is sealed; the end of the key is the end of everything that it sealed, wherever it was copied to.
/// </summary>
public interface ISubjectKeys
{
    /// <summary>Names the keeper (<see cref="IKeyEncryptionKey"/>, keyed) that wraps these data keys. It is not the seeds'.</summary>
    const string Keeper = "stellarpay-subject-keys";

    /// <summary>The longest field, in bytes.</summary>
    const int MostBytes = 64 * 1024;

    /// <summary>Encrypts a field. The same twice gives different bytes.</summary>
    /// <exception cref="SubjectErasedException">The subject's key was destroyed; nothing is kept of him any more.</exception>
    /// <exception cref="KeyEncryptionUnavailableException">The keeper cannot be used now.</exception>
    Task<byte[]> SealAsync(SubjectField field, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken);

    /// <summary>Decrypts a field. Null where its subject's key was destroyed. The caller wipes what is secret of it.</summary>
    /// <exception cref="CryptographicException">The bytes are not this field's of this subject, or were changed.</exception>
    /// <exception cref="KeyEncryptionUnavailableException">The keeper cannot be used now.</exception>
    Task<byte[]?> OpenAsync(SubjectField field, ReadOnlyMemory<byte> sealedField, CancellationToken cancellationToken);

    /// <summary>
    /// Decrypts several fields of one subject, in their order, with one look at his key. Null where that was destroyed. Throws as
    /// <see cref="OpenAsync(SubjectField, ReadOnlyMemory{byte}, CancellationToken)"/> does.
    /// </summary>
    Task<IReadOnlyList<byte[]>?> OpenAsync(IReadOnlyList<SealedField> fields, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys a subject's key, for good: none is ever made for him again. Repeating it changes nothing. Whoever has to do it with
    /// other writes at once calls <c>subject_key_erase</c> in his transaction instead.
    /// </summary>
    /// <param name="actor">Who destroys it, for the audit log.</param>
    /// <param name="subject">The subject's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task EraseAsync(string actor, string subject, CancellationToken cancellationToken);

    /// <summary>Has the keeper's current key wrap what another one wraps, a page at a time.</summary>
    /// <param name="after">The last subject of the page before, or null to begin.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="KeyEncryptionUnavailableException">The keeper cannot be used now.</exception>
    Task<RewrappedPage> RewrapPageAsync(string? after, CancellationToken cancellationToken);
}

/// <summary>A page of keys that were to be wrapped anew.</summary>
/// <param name="Last">The last subject of the page; null where there was none left.</param>
/// <param name="Failed">How many could not be unwrapped: their key-encryption key is missing.</param>
public sealed record RewrappedPage(string? Last, int Failed);

/// <summary>Where a field is stored. A sealed field opens there and nowhere else.</summary>
/// <param name="Subject">Whom it is about: a user's or a merchant's id.</param>
/// <param name="Table">Its table, with the schema.</param>
/// <param name="Column">Its column.</param>
/// <param name="Row">Which row, where the subject has several; else empty.</param>
/// <param name="IsPersonal">
/// Whether it is personal and lets nobody in: of a day's unwrappings for fields of one column the first is in the audit log, else each. It
/// is no part of the place.
/// </param>
public sealed record SubjectField(string Subject, string Table, string Column, string Row = "", bool IsPersonal = false);

/// <summary>A field as it is stored.</summary>
/// <param name="Place">Where.</param>
/// <param name="Bytes">What was sealed.</param>
public sealed record SealedField(SubjectField Place, ReadOnlyMemory<byte> Bytes);

/// <summary>The key of this subject was destroyed: he was erased.</summary>
public sealed class SubjectErasedException : Exception
{
    /// <summary>Says so.</summary>
    public SubjectErasedException()
        : base("The subject was erased; nothing can be sealed for him.")
    {
    }

    /// <summary>Says it in other words.</summary>
    public SubjectErasedException(string message)
        : base(message)
    {
    }

    /// <summary>Says it in other words, and why.</summary>
    public SubjectErasedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
