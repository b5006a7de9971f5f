using System.Buffers;
using System.Security.Cryptography;

namespace StellarPay.Stellar.Xdr;

/// <summary>Who may claim a balance, and when. XDR's <c>Claimant</c>.</summary>
/// <param name="Destination">Who.</param>
/// <param name="Predicate">When.</param>
public sealed record Claimant(AccountId Destination, ClaimPredicate Predicate) : IXdr<Claimant>
{
    // CLAIMANT_TYPE_V0
    private const int V0 = 0;

    /// <inheritdoc/>
    public static Claimant Read(ref XdrReader reader)
    {
        var type = reader.ReadInt32();
        return type == V0
            ? new Claimant(AccountId.Read(ref reader), ClaimPredicate.Read(ref reader))
            : throw XdrException.Discriminant("claimant type", type);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(V0);
        Destination.Write(writer);
        Predicate.Write(writer);
    }
}

/// <summary>A claimable balance's id. XDR's <c>ClaimableBalanceID</c>. Horizon writes its XDR in hexadecimal, with the
/// leading kind; so does <see cref="ToString"/>.</summary>
/// <param name="Hash">The SHA-256 that names it.</param>
public readonly record struct ClaimableBalanceId(Hash Hash) : IComparable<ClaimableBalanceId>, IXdr<ClaimableBalanceId>
{
    // CLAIMABLE_BALANCE_ID_TYPE_V0
    private const int V0 = 0;
    private const string Kind = "00000000";

    /// <inheritdoc/>
    public static ClaimableBalanceId Read(ref XdrReader reader)
    {
        var type = reader.ReadInt32();
        return type == V0
            ? new ClaimableBalanceId(Hash.Read(ref reader))
            : throw XdrException.Discriminant("claimable balance id type", type);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(V0);
        Hash.Write(writer);
    }

    /// <inheritdoc/>
    public int CompareTo(ClaimableBalanceId other) => Hash.CompareTo(other.Hash);

    /// <summary>The id of the balance that an operation creates (CAP-23), known before it is submitted.</summary>
    /// <param name="source">The transaction's source.</param>
    /// <param name="sequence">The transaction's sequence number.</param>
    /// <param name="operationIndex">The operation's index in the transaction, from 0.</param>
    public static ClaimableBalanceId CreatedBy(AccountId source, long sequence, uint operationIndex)
    {
        HashIdPreimage preimage = new OperationIdPreimage(source, sequence, operationIndex);
        return new ClaimableBalanceId(new Hash(SHA256.HashData(preimage.ToXdr())));
    }

    /// <summary>Reads what <see cref="ToString"/> writes; false for anything else.</summary>
    /// <param name="text">72 hexadecimal digits.</param>
    /// <param name="id">The id.</param>
    public static bool TryParse(string? text, out ClaimableBalanceId id)
    {
        id = default;
        Span<byte> hash = stackalloc byte[Hash.Size];
        if (text is null || text.Length != Kind.Length + (2 * Hash.Size) || !text.StartsWith(Kind, StringComparison.Ordinal)
            || Convert.FromHexString(text.AsSpan(Kind.Length), hash, out _, out _) != OperationStatus.Done)
        {
            return false;
        }
        id = new ClaimableBalanceId(new Hash(hash));
        return true;
    }

    /// <summary>72 lower-case hexadecimal digits: the kind's 8 zeros and the hash.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Kind}{Hash}";
}
