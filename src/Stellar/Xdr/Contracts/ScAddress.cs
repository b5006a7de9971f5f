namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of addresses that contracts know.</summary>
public enum ScAddressType
{
    /// <summary>An account.</summary>
    Account = 0,

    /// <summary>A contract.</summary>
    Contract = 1,

    /// <summary>A muxed account (CAP-67).</summary>
    MuxedAccount = 2,

    /// <summary>A claimable balance (CAP-67).</summary>
    ClaimableBalance = 3,

    /// <summary>A liquidity pool (CAP-67).</summary>
    LiquidityPool = 4,
}

/// <summary>An address as contracts know it. XDR's <c>SCAddress</c>.</summary>
public abstract record ScAddress : IXdr<ScAddress>
{
    private protected ScAddress()
    {
    }

    /// <summary>The kind.</summary>
    public abstract ScAddressType Type { get; }

    /// <inheritdoc/>
    public static ScAddress Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<ScAddressType>();
        switch (type)
        {
            case ScAddressType.Account:
                return new ScAccountAddress(AccountId.Read(ref reader));
            case ScAddressType.Contract:
                return new ScContractAddress(Hash.Read(ref reader));
            case ScAddressType.MuxedAccount:
                var id = reader.ReadUInt64();
                return new ScMuxedAddress(new AccountId(Hash.Read(ref reader)), id);
            case ScAddressType.ClaimableBalance:
                return new ScClaimableBalanceAddress(ClaimableBalanceId.Read(ref reader));
            case ScAddressType.LiquidityPool:
                return new ScLiquidityPoolAddress(Hash.Read(ref reader));
            default:
                throw XdrException.Discriminant("contract address type", (int)type);
        }
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

/// <summary>An account's address.</summary>
/// <param name="Account">The account.</param>
public sealed record ScAccountAddress(AccountId Account) : ScAddress
{
    /// <inheritdoc/>
    public override ScAddressType Type => ScAddressType.Account;

    private protected override void WriteBody(XdrWriter writer) => Account.Write(writer);
}

/// <summary>A contract's address.</summary>
/// <param name="ContractId">The contract's id.</param>
public sealed record ScContractAddress(Hash ContractId) : ScAddress
{
    /// <inheritdoc/>
    public override ScAddressType Type => ScAddressType.Contract;

    private protected override void WriteBody(XdrWriter writer) => ContractId.Write(writer);
}

/// <summary>A muxed account's address.</summary>
/// <param name="Account">The account that holds the money.</param>
/// <param name="Id">The virtual account's number.</param>
public sealed record ScMuxedAddress(AccountId Account, ulong Id) : ScAddress
{
    /// <inheritdoc/>
    public override ScAddressType Type => ScAddressType.MuxedAccount;

    private protected override void WriteBody(XdrWriter writer)
    {
        writer.WriteUInt64(Id);
        Account.Key.Write(writer);
    }
}

/// <summary>A claimable balance's address.</summary>
/// <param name="BalanceId">The balance's id.</param>
public sealed record ScClaimableBalanceAddress(ClaimableBalanceId BalanceId) : ScAddress
{
    /// <inheritdoc/>
    public override ScAddressType Type => ScAddressType.ClaimableBalance;

    private protected override void WriteBody(XdrWriter writer) => BalanceId.Write(writer);
}

/// <summary>A liquidity pool's address.</summary>
/// <param name="PoolId">The pool's id.</param>
public sealed record ScLiquidityPoolAddress(Hash PoolId) : ScAddress
{
    /// <inheritdoc/>
    public override ScAddressType Type => ScAddressType.LiquidityPool;

    private protected override void WriteBody(XdrWriter writer) => PoolId.Write(writer);
}
