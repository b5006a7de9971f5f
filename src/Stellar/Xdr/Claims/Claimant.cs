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

    /// <summary>72 lower-case hexadecimal digits: the kind's 8 zeros and the hash.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"00000000{Hash}";
}
