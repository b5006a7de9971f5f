namespace StellarPay.Stellar.Xdr;

/// <summary>What is hashed (SHA-256 of its XDR) to get an id. XDR's <c>HashIDPreimage</c>.</summary>
public abstract record HashIdPreimage : IXdr<HashIdPreimage>
{
    private protected HashIdPreimage()
    {
    }

    /// <summary>The kind.</summary>
    public abstract EnvelopeType Type { get; }

    /// <inheritdoc/>
    public static HashIdPreimage Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<EnvelopeType>();
        return type switch
        {
            EnvelopeType.OpId => new OperationIdPreimage(
                AccountId.Read(ref reader), reader.ReadInt64(), reader.ReadUInt32()),
            EnvelopeType.PoolRevokeOpId => new PoolRevokeIdPreimage(
                AccountId.Read(ref reader),
                reader.ReadInt64(),
                reader.ReadUInt32(),
                Hash.Read(ref reader),
                Asset.Read(ref reader)),
            EnvelopeType.ContractId => new ContractIdHashPreimage(
                Hash.Read(ref reader), ContractIdPreimage.Read(ref reader)),
            EnvelopeType.SorobanAuthorization => new SorobanAuthorizationPreimage(
                Hash.Read(ref reader),
                reader.ReadInt64(),
                reader.ReadUInt32(),
                SorobanAuthorizedInvocation.Read(ref reader)),
            _ => throw XdrException.Discriminant("hash id preimage type", (int)type),
        };
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        WriteBody(writer);
    }

    private protected abstract void WriteBody(XdrWriter writer);
}

/// <summary>Hashed to get the id of the claimable balance that an operation creates.</summary>
/// <param name="Source">The transaction's source.</param>
/// <param name="Sequence">The transaction's sequence number.</param>
/// <param name="OperationIndex">The operation's index in the transaction, from 0.</param>
public sealed record OperationIdPreimage(AccountId Source, long Sequence, uint OperationIndex) : HashIdPreimage
{
    /// <inheritdoc/>
    public override EnvelopeType Type => EnvelopeType.OpId;

    private protected override void WriteBody(XdrWriter writer)
    {
        Source.Write(writer);
        writer.WriteInt64(Sequence);
        writer.WriteUInt32(OperationIndex);
    }
}

/// <summary>Hashed to get the id of a claimable balance that a revoked pool trustline leaves (CAP-38).</summary>
/// <param name="Source">The transaction's source.</param>
/// <param name="Sequence">The transaction's sequence number.</param>
/// <param name="OperationIndex">The operation's index in the transaction, from 0.</param>
/// <param name="PoolId">The pool.</param>
/// <param name="Asset">The asset that came out of it.</param>
public sealed record PoolRevokeIdPreimage(
    AccountId Source,
    long Sequence,
    uint OperationIndex,
    Hash PoolId,
    Asset Asset) : HashIdPreimage
{
    /// <inheritdoc/>
    public override EnvelopeType Type => EnvelopeType.PoolRevokeOpId;

    private protected override void WriteBody(XdrWriter writer)
    {
        Source.Write(writer);
        writer.WriteInt64(Sequence);
        writer.WriteUInt32(OperationIndex);
        PoolId.Write(writer);
        Asset.Write(writer);
    }
}

/// <summary>Hashed to get a contract's id.</summary>
/// <param name="NetworkId">The SHA-256 of the network's passphrase.</param>
/// <param name="Preimage">Who deploys it, or which asset's it is.</param>
public sealed record ContractIdHashPreimage(Hash NetworkId, ContractIdPreimage Preimage) : HashIdPreimage
{
    /// <inheritdoc/>
    public override EnvelopeType Type => EnvelopeType.ContractId;

    private protected override void WriteBody(XdrWriter writer)
    {
        NetworkId.Write(writer);
        Preimage.Write(writer);
    }
}

/// <summary>Hashed to get what an address signs to authorise calls.</summary>
/// <param name="NetworkId">The SHA-256 of the network's passphrase.</param>
/// <param name="Nonce">A number that the address has not used.</param>
/// <param name="SignatureExpirationLedger">The last ledger in which the signature counts.</param>
/// <param name="Invocation">The calls.</param>
public sealed record SorobanAuthorizationPreimage(
    Hash NetworkId,
    long Nonce,
    uint SignatureExpirationLedger,
    SorobanAuthorizedInvocation Invocation) : HashIdPreimage
{
    /// <inheritdoc/>
    public override EnvelopeType Type => EnvelopeType.SorobanAuthorization;

    private protected override void WriteBody(XdrWriter writer)
    {
        NetworkId.Write(writer);
        writer.WriteInt64(Nonce);
        writer.WriteUInt32(SignatureExpirationLedger);
        Invocation.Write(writer);
    }
}
